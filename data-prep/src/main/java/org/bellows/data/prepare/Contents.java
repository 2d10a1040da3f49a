// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare;

import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.bellows.conf.BellowsException;
import org.bellows.conf.Settings;
import org.bellows.conf.SourceSettings;
import org.bellows.conf.text.ValueText;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.data.prepare.listing.ListingCounts;
import org.bellows.data.prepare.mask.MaskRules;
import org.bellows.data.prepare.mask.MaskRulesReader;
import org.bellows.data.prepare.source.part.Source;

/**
 * The content of a source, and its meaning.
 *
 * @param masks the meaning of its masks, if it has some
 * @param isMultiLabel whether an image has any number of labels
 */
record Contents(Source source, ListingCounts listing, MaskRules masks, boolean isMultiLabel) {
  private static final String SEVERAL_LABELS = " labels=multiple";

  /**
   * @throws BellowsException (data) when what lies beside the data contradicts it, or classes of
   *     pixels or a column of masks are named and there are no masks
   */
  static Contents of(
      Configuration hadoop, SourceSettings settings, Source source, ListingCounts listing) {
    if (areReadWithRows(source, settings) && !listing.hasMasks()) {
      requireNoMasksStated(settings, source);
    }
    boolean isMultiLabel = settings.labels() == SourceSettings.Labels.MULTIPLE;
    if (isMultiLabel) {
      requireLabels(source, listing);
    }
    List<String> listed = listing.isUnlabelled() ? source.classes().names() : List.of();
    MaskRules masks = rules(hadoop, settings, source, listed);
    return new Contents(source, listing, masks, isMultiLabel);
  }

  private static void requireLabels(Source source, ListingCounts listing) {
    switch (source.format()) {
      case CSV, JSONL, PARQUET, TFRECORD, WEBDATASET, SPARK -> {}
      default ->
          throw BellowsException.configuration(
              "source.labels is multiple, but source %s is read as %s, whose images have one label each; allowed: csv, jsonl, parquet, tfrecord, webdataset and spark"
                  .formatted(source.root(), ValueText.name(source.format())));
    }
    if (listing.hasMasks()) {
      throw BellowsException.data(
          "source.labels is multiple, but source %s has masks; allowed: one of the two"
              .formatted(source.root()));
    }
  }

  /**
   * @param listed names of the source's list of classes, where they are of pixels
   */
  static MaskRules rules(
      Configuration hadoop, SourceSettings settings, Source source, List<String> listed) {
    switch (source.format()) {
      case CSV, JSONL, SPARK -> {}
      case PAIRS, LISTS, PICTURE_FOLDERS -> requireNoMaskColumn(settings, source);
      case PARQUET, TFRECORD, WEBDATASET -> {
        if (settings.maskColumn().isBlank()) {
          requireNoPixelClasses(
              settings, source, "source.mask-column does not say where its masks are");
        }
      }
      default -> {
        requireNoPixelClasses(
            settings,
            source,
            "it is read as %s, which has no masks; name the folders of pictures and masks by source.image-folder and source.mask-folder"
                .formatted(ValueText.name(source.format())));
        requireNoMaskColumn(settings, source);
      }
    }
    return MaskRulesReader.read(hadoop, settings, folder(source), listed);
  }

  /** Where names of classes may be beside the data; of a table nowhere. */
  private static Optional<Path> folder(Source source) {
    return switch (source.format()) {
      case SPARK -> Optional.empty();
      case CSV, JSONL -> Optional.of(new Path(source.root()).getParent());
      case PARQUET, TFRECORD -> Optional.of(tables(source));
      default -> Optional.of(new Path(source.root()));
    };
  }

  /** The folder of tables; the source may be one of them. */
  private static Path tables(Source source) {
    Path root = new Path(source.root());
    boolean isFile = source.parts().stream().anyMatch(part -> part.place().equals(root.toString()));
    return isFile ? root.getParent() : root;
  }

  /** Only the rows say whether there are masks. */
  private static boolean areReadWithRows(Source source, SourceSettings settings) {
    return switch (source.format()) {
      case CSV, JSONL, SPARK -> true;
      case PARQUET, TFRECORD, WEBDATASET -> !settings.maskColumn().isBlank();
      default -> false;
    };
  }

  /** Labels would be prepared in silence where masks are asked for. */
  private static void requireNoMasksStated(SourceSettings settings, Source source) {
    requireNoPixelClasses(
        settings,
        source,
        "no row of it has a mask (column %s)".formatted(settings.maskColumnOrUsual()));
    if (!settings.maskColumn().isBlank()) {
      throw BellowsException.data(
          "source.mask-column is %s, but no row of source %s, which is read as %s, has a mask there"
              .formatted(settings.maskColumn(), source.root(), ValueText.name(source.format())));
    }
  }

  private static void requireNoMaskColumn(SourceSettings settings, Source source) {
    if (!settings.maskColumn().isBlank()) {
      throw BellowsException.configuration(
          "source.mask-column is %s, but source %s is read as %s; allowed: csv, jsonl, parquet, spark, tfrecord, webdataset"
              .formatted(settings.maskColumn(), source.root(), ValueText.name(source.format())));
    }
  }

  /** A dataset without masks would be prepared in silence. */
  private static void requireNoPixelClasses(
      SourceSettings settings, Source source, String because) {
    if (!settings.pixelClasses().isEmpty()) {
      throw BellowsException.data(
          "source.pixel-classes names %d classes of pixels for source %s, but %s"
              .formatted(settings.pixelClasses().size(), source.root(), because));
    }
  }

  /** See {@link ListingCounts#fingerprint}. */
  String fingerprint(Settings.Prepare prepare) {
    if (isMultiLabel) {
      int version = DatasetManifest.MULTI_LABEL_FORMAT_VERSION;
      return listing.fingerprint(source, prepare, version, SEVERAL_LABELS);
    }
    int version =
        listing.hasMasks() ? DatasetManifest.PIXEL_FORMAT_VERSION : DatasetManifest.FORMAT_VERSION;
    return listing.fingerprint(
        source, prepare, version, listing.hasMasks() ? masks.fingerprint() : "");
  }
}
