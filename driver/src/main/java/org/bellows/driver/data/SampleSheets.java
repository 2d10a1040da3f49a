// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.IntStream;
import org.bellows.conf.BellowsException;
import org.bellows.conf.Settings;
import org.bellows.data.augment.picture.MaskedPicture;
import org.bellows.data.batch.BatchTransform;
import org.bellows.data.batch.LaneBatch;
import org.bellows.data.batch.LaneInput.Pictures;
import org.bellows.data.batch.PicturePreview;
import org.bellows.data.decode.ImageDecoder;
import org.bellows.data.decode.LabelMaps;
import org.bellows.data.decode.image.ImageRefusedException;
import org.bellows.data.decode.image.RasterImage;
import org.bellows.data.manifest.PixelClass;
import org.bellows.data.shard.EncodedSample;
import org.bellows.data.show.ContactSheet;
import org.bellows.data.show.MaskOverlay;

/** Contact sheets of a dataset, as PNG files. */
public final class SampleSheets {
  /** In the place of a label map that is not there. */
  private static final RasterImage NOTHING = ContactSheet.empty();

  /** Characters of a line beside a row. */
  private static final int LINE = 22;

  private final List<String> classes;
  private final MaskOverlay overlay;

  /** Whether the labels of label maps have names. */
  private final boolean areNamed;

  private final Settings.Show show;
  private final SortedMap<Integer, List<EncodedSample>> samples;
  private final ImageDecoder decoder = new ImageDecoder(ImageDecoder.MOST_PIXELS);

  /**
   * @param classes names by label
   * @param pixelClasses by label, in whose colours label maps are drawn; empty: VOC's
   * @param samples by label, at least one
   */
  public SampleSheets(
      List<String> classes,
      List<PixelClass> pixelClasses,
      Settings.Show show,
      SortedMap<Integer, List<EncodedSample>> samples) {
    this.classes = classes;
    this.overlay = new MaskOverlay(pixelClasses);
    this.areNamed = !pixelClasses.isEmpty();
    this.show = show;
    this.samples = samples;
  }

  /** Whether a sample that is shown has a label map. */
  public boolean hasMasks() {
    return samples.values().stream()
        .flatMap(List::stream)
        .anyMatch(sample -> sample.mask() != null);
  }

  /** A row a class: pictures as they are; below it their label maps over them, if there are any. */
  public byte[] ofClasses() {
    ContactSheet sheet =
        sheet(IntStream.rangeClosed(1, show.samplesPerClass()).mapToObj(String::valueOf).toList());
    samples.forEach(
        (label, ofClass) ->
            addRows(sheet, classes.get(label), ofClass.stream().map(this::original).toList()));
    return PicturePreview.png(sheet.picture());
  }

  /**
   * A row for one sample of each class: the picture as it is, then what the network sees of it in
   * one epoch after the other; below it the same with its label map. The samples make one lane
   * batch, so they may be mixed.
   */
  public byte[] throughEpochs(BatchTransform transform) {
    ContactSheet sheet = sheet(epochTitles());
    List<EncodedSample> batch = firstOfClasses();
    List<List<MaskedPicture>> epochs = epochs(batch, transform);
    for (int i = 0; i < batch.size(); i++) {
      addRows(sheet, name(i), throughEpochs(batch.get(i), epochs, i));
    }
    return PicturePreview.png(sheet.picture());
  }

  /**
   * A row an augmentation: one picture as it is, then under that augmentation alone in one epoch
   * after the other. Augmentations that mix get the first samples of the other classes to mix with.
   *
   * @param augmentations by label of the row; none that mixes where there are label maps
   */
  public byte[] ofAugmentations(Map<String, BatchTransform> augmentations) {
    ContactSheet sheet = sheet(epochTitles());
    List<EncodedSample> batch = firstOfClasses();
    augmentations.forEach(
        (label, transform) ->
            addRows(sheet, label, throughEpochs(batch.get(0), epochs(batch, transform), 0)));
    return PicturePreview.png(sheet.picture());
  }

  private ContactSheet sheet(List<String> titles) {
    ContactSheet sheet = new ContactSheet(show.cellPixels(), titles);
    return areNamed && hasMasks() ? sheet.legend(overlay.legend()) : sheet;
  }

  private void addRows(ContactSheet sheet, String label, List<MaskedPicture> pictures) {
    sheet.row(label, pictures.stream().map(MaskedPicture::pixels).toList());
    List<RasterImage> masks =
        pictures.stream().map(MaskedPicture::mask).filter(Objects::nonNull).toList();
    if (!masks.isEmpty()) {
      String labels =
          areNamed
              ? ""
              : ", labels\n"
                  + MaskOverlay.labels(masks).replaceAll("(.{1," + LINE + "})( |$)", "$1\n");
      sheet.row(
          "label maps" + labels,
          pictures.stream()
              .map(picture -> picture.mask() == null ? NOTHING : overlay.of(picture))
              .toList());
    }
  }

  private List<MaskedPicture> throughEpochs(
      EncodedSample sample, List<List<MaskedPicture>> epochs, int index) {
    List<MaskedPicture> row = new ArrayList<>(List.of(original(sample)));
    epochs.forEach(epoch -> row.add(epoch.get(index)));
    return row;
  }

  private List<EncodedSample> firstOfClasses() {
    return samples.values().stream().map(ofClass -> ofClass.get(0)).toList();
  }

  private List<String> epochTitles() {
    List<String> titles = new ArrayList<>(List.of("original"));
    IntStream.range(0, show.epochs()).forEach(epoch -> titles.add("epoch " + epoch));
    return titles;
  }

  private List<List<MaskedPicture>> epochs(List<EncodedSample> batch, BatchTransform transform) {
    return IntStream.range(0, show.epochs())
        .mapToObj(epoch -> seen(batch, transform, epoch))
        .toList();
  }

  /**
   * Where some samples have label maps and others have none, no batch can be made of them; each is
   * one of its own then, which is the same, since what has label maps is not mixed.
   */
  private List<MaskedPicture> seen(
      List<EncodedSample> samples, BatchTransform transform, int epoch) {
    if (!hasMasks()) {
      return masked(transform, transform.batch(epoch, 0, 0, samples));
    }
    return samples.stream()
        .flatMap(
            sample -> masked(transform, transform.batch(epoch, 0, 0, List.of(sample))).stream())
        .toList();
  }

  /** Of a row of one sample. */
  private String name(int index) {
    return classes.get(List.copyOf(samples.keySet()).get(index));
  }

  private static List<MaskedPicture> masked(BatchTransform transform, LaneBatch batch) {
    List<RasterImage> pictures = transform.pictures(batch);
    Optional<byte[]> masks = batch.input().match(Pictures::masks, stored -> Optional.empty());
    List<MaskedPicture> masked = new ArrayList<>();
    for (int i = 0; i < pictures.size(); i++) {
      RasterImage picture = pictures.get(i);
      int area = picture.height() * picture.width();
      int from = i * area;
      RasterImage mask =
          masks
              .map(all -> Arrays.copyOfRange(all, from, from + area))
              .map(labels -> new RasterImage(picture.height(), picture.width(), 1, labels))
              .orElse(null);
      masked.add(new MaskedPicture(picture, mask));
    }
    return masked;
  }

  private MaskedPicture original(EncodedSample sample) {
    try {
      RasterImage mask = sample.mask() == null ? null : LabelMaps.of(sample);
      return new MaskedPicture(decoder.decode(sample), mask);
    } catch (ImageRefusedException e) {
      throw BellowsException.data(
          "sample %d of the dataset (%s) %s"
              .formatted(sample.id(), sample.source(), e.getMessage()),
          e);
    }
  }
}
