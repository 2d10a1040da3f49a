// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.predict;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.bellows.conf.Settings;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.data.manifest.PixelClass;
import org.bellows.data.manifest.Split;
import org.bellows.data.prepare.image.SourceImages;
import org.bellows.data.prepare.source.part.ItemContent.WholeFile;
import org.bellows.data.prepare.source.part.SourceItem;
import org.bellows.driver.picture.PartTask;
import org.bellows.driver.picture.PictureParts;
import org.bellows.driver.progress.ImageWatch;
import org.bellows.driver.spark.BellowsFailures;

/**
 * Answers to the pictures of a split of a dataset, of a source, or of a folder or glob of files, as
 * a Spark job.
 */
public final class PredictJob {
  private final JavaSparkContext spark;
  private final Settings settings;
  private final Prediction prediction;
  private final ImageWatch watch;

  /**
   * The result of the job.
   *
   * @param passedOver entries that by their names are no pictures, of each kind
   */
  public record Outcome(PicturePart pictures, Map<String, Long> passedOver) {}

  /**
   * @param settings {@code evaluate.split} of {@code data.path}, or where that is empty {@code
   *     source.path}, is read
   * @param watch is called with the number of finished pictures
   */
  public PredictJob(
      JavaSparkContext spark, Settings settings, Prediction prediction, ImageWatch watch) {
    this.spark = spark;
    this.settings = settings;
    this.prediction = prediction;
    this.watch = watch;
  }

  /**
   * Predicts a split.
   *
   * @param manifest of {@code data.path}
   */
  public Outcome ofDataset(DatasetManifest manifest) {
    String path = settings.data().path();
    Split split = manifest.split(settings.evaluate().split());
    if (prediction.namesFilesAfterPictures()) {
      OutputCollisions.requireNone(spark.hadoopConfiguration(), path, manifest, split.name());
    }
    PartTask<PicturePart> task = task(manifest.pixelClasses());
    watch.expect(split.samples());
    return outcome(() -> parts().ofDataset(path, manifest, List.of(split), task), Map.of());
  }

  /** Predicts all pictures of {@code source.path}; nothing is asked of their labels. */
  public Outcome ofSource() {
    Optional<ImageArguments.Found> found =
        ImageArguments.ofSource(spark.hadoopConfiguration(), settings.source());
    return found.isPresent() ? ofFiles(found.get()) : ofListed();
  }

  private Outcome ofListed() {
    try (SourceImages source =
        BellowsFailures.run(
            () ->
                SourceImages.list(spark, settings.source().withoutLabels(), settings.prepare()))) {
      if (prediction.namesFilesAfterPictures()) {
        BellowsFailures.run(
            () -> {
              OutputCollisions.requireNone(source.paths());
              return true;
            });
      }
      PartTask<PicturePart> task = task(List.of());
      watch.expect(source.images());
      return outcome(() -> parts().ofSource(source, task), source.passedOver());
    }
  }

  private Outcome ofFiles(ImageArguments.Found found) {
    List<SourceItem> items = items(found.images());
    if (prediction.namesFilesAfterPictures()) {
      List<String> paths = items.stream().map(SourceItem::path).toList();
      OutputCollisions.requireNone(paths, paths.stream().map(PictureNames::of).toList());
    }
    PartTask<PicturePart> task = task(List.of());
    watch.expect(items.size());
    return outcome(
        () -> parts().ofItems(items, task),
        found.passedOver() == 0 ? Map.of() : Map.of("no image", (long) found.passedOver()));
  }

  /** By the name in the one folder that they are in, or where they are in several by the path. */
  private static List<SourceItem> items(List<ImageArguments.Image> images) {
    List<Path> folders = images.stream().map(image -> image.path().getParent()).distinct().toList();
    List<SourceItem> items = new ArrayList<>();
    for (ImageArguments.Image image : images) {
      String name = folders.size() == 1 ? image.path().getName() : image.name();
      items.add(
          image.problem() == null
              ? SourceItem.of("", name, null, 0, new WholeFile(image.path().toString()))
              : SourceItem.refused("", name, "UNREADABLE", image.problem()));
    }
    return items;
  }

  private PartTask<PicturePart> task(List<PixelClass> ofDataset) {
    return prediction.task(spark.hadoopConfiguration(), ofDataset, watch.counter());
  }

  private PictureParts parts() {
    return new PictureParts(spark, settings.prepare().maxPixels(), prediction.picturesPerPart());
  }

  private Outcome outcome(Supplier<List<PicturePart>> parts, Map<String, Long> passedOver) {
    PicturePart.Sum sum = new PicturePart.Sum(prediction.classes());
    spark.sc().addSparkListener(watch);
    try {
      parts.get().forEach(sum::add);
    } finally {
      spark.sc().removeSparkListener(watch);
    }
    return new Outcome(sum.part(), passedOver);
  }
}
