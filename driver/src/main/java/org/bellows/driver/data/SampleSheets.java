package org.bellows.driver.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.IntStream;
import org.bellows.conf.BellowsException;
import org.bellows.conf.Settings;
import org.bellows.data.batch.BatchTransform;
import org.bellows.data.batch.InputTransform;
import org.bellows.data.decode.ImageDecoder;
import org.bellows.data.decode.ImageRefusedException;
import org.bellows.data.decode.Pixels;
import org.bellows.data.shard.EncodedSample;
import org.bellows.data.show.ContactSheet;

/** Contact sheets of a dataset, as PNG files. */
public final class SampleSheets {
  private final List<String> classes;
  private final Settings.Show show;
  private final SortedMap<Integer, List<EncodedSample>> samples;
  private final ImageDecoder decoder = new ImageDecoder(ImageDecoder.MOST_PIXELS);

  /**
   * @param classes names by label
   * @param samples by label, at least one
   */
  public SampleSheets(
      List<String> classes, Settings.Show show, SortedMap<Integer, List<EncodedSample>> samples) {
    this.classes = classes;
    this.show = show;
    this.samples = samples;
  }

  /** A row a class: pictures as they are. */
  public byte[] ofClasses() {
    ContactSheet sheet =
        new ContactSheet(
            show.cellPixels(),
            IntStream.rangeClosed(1, show.samplesPerClass()).mapToObj(String::valueOf).toList());
    samples.forEach(
        (label, ofClass) ->
            sheet.row(classes.get(label), ofClass.stream().map(this::original).toList()));
    return InputTransform.png(sheet.picture());
  }

  /**
   * A row for one sample of each class: the picture as it is, then what the network sees of it in
   * one epoch after the other. The samples make one lane batch, so they may be mixed.
   */
  public byte[] throughEpochs(BatchTransform transform) {
    ContactSheet sheet = new ContactSheet(show.cellPixels(), epochTitles());
    List<EncodedSample> batch = firstOfClasses();
    List<List<Pixels>> epochs = epochs(batch, transform);
    for (int i = 0; i < batch.size(); i++) {
      List<Pixels> row = new ArrayList<>(List.of(original(batch.get(i))));
      for (List<Pixels> epoch : epochs) {
        row.add(epoch.get(i));
      }
      sheet.row(classes.get(batch.get(i).label()), row);
    }
    return InputTransform.png(sheet.picture());
  }

  /**
   * A row an augmentation: one picture as it is, then under that augmentation alone in one epoch
   * after the other. What mixes has the first samples of the other classes to mix it with.
   *
   * @param augmentations by label of the row
   */
  public byte[] ofAugmentations(Map<String, BatchTransform> augmentations) {
    ContactSheet sheet = new ContactSheet(show.cellPixels(), epochTitles());
    List<EncodedSample> batch = firstOfClasses();
    augmentations.forEach(
        (label, transform) -> {
          List<Pixels> row = new ArrayList<>(List.of(original(batch.get(0))));
          epochs(batch, transform).forEach(epoch -> row.add(epoch.get(0)));
          sheet.row(label, row);
        });
    return InputTransform.png(sheet.picture());
  }

  private List<EncodedSample> firstOfClasses() {
    return samples.values().stream().map(ofClass -> ofClass.get(0)).toList();
  }

  private List<String> epochTitles() {
    List<String> titles = new ArrayList<>(List.of("original"));
    IntStream.range(0, show.epochs()).forEach(epoch -> titles.add("epoch " + epoch));
    return titles;
  }

  private List<List<Pixels>> epochs(List<EncodedSample> batch, BatchTransform transform) {
    return IntStream.range(0, show.epochs())
        .mapToObj(epoch -> transform.pictures(transform.batch(epoch, 0, 0, batch)))
        .toList();
  }

  private Pixels original(EncodedSample sample) {
    try {
      return decoder.decode(sample);
    } catch (ImageRefusedException e) {
      throw BellowsException.data(
          "sample %d of the dataset (%s) %s"
              .formatted(sample.id(), sample.source(), e.getMessage()),
          e);
    }
  }
}
