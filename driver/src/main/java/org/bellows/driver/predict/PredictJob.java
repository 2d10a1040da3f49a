// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.predict;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.bellows.conf.Settings;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.data.manifest.PixelClass;
import org.bellows.data.manifest.Split;
import org.bellows.data.prepare.image.SourceImageReader;
import org.bellows.data.prepare.image.SourceImages;
import org.bellows.data.prepare.source.part.ItemContent.WholeFile;
import org.bellows.data.prepare.source.part.SourceItem;
import org.bellows.data.shard.DatasetReader;
import org.bellows.data.shard.SampleRange;
import org.bellows.data.storage.Storage;
import org.bellows.driver.progress.ImageWatch;
import org.bellows.driver.spark.BellowsFailures;
import org.bellows.driver.spark.BellowsFailures.Captured;
import scala.Tuple2;

/** Label maps of a split of a dataset, of a source, or of a folder of pictures, as a Spark job. */
public final class PredictJob {
  private final JavaSparkContext spark;
  private final Settings settings;
  private final PredictModel model;
  private final ImageWatch watch;

  /**
   * The result of the job.
   *
   * @param passedOver entries that by their names are no pictures, of each kind
   */
  public record Outcome(PicturePart pictures, Map<String, Long> passedOver) {}

  /** Consecutive pictures that one task predicts. */
  private record Stretch(int number, long from, long to) implements Serializable {}

  /**
   * @param settings {@code evaluate.split} of {@code data.path}, or where that is empty {@code
   *     source.path}, is read
   * @param watch is called with the number of finished pictures
   */
  public PredictJob(
      JavaSparkContext spark, Settings settings, PredictModel model, ImageWatch watch) {
    this.spark = spark;
    this.settings = settings;
    this.model = model;
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
    OutputCollisions.requireNone(spark.hadoopConfiguration(), path, manifest, split.name());
    PredictTask task = task(manifest.pixelClasses());
    watch.expect(split.samples());
    List<Stretch> stretches = stretches(split.samples());
    return outcome(
        spark
            .parallelize(stretches, Math.max(1, stretches.size()))
            .map(stretch -> captured(() -> ofSamples(task, path, manifest, split, stretch))),
        Map.of());
  }

  private static PicturePart ofSamples(
      PredictTask task, String path, DatasetManifest manifest, Split split, Stretch stretch) {
    DatasetReader dataset = new DatasetReader(task.hadoop(), path, manifest, split.name());
    try (SampleRange samples = new SampleRange(dataset, stretch.from(), stretch.to())) {
      return task.run(
          stretch.number(),
          mapped(
              samples,
              sample ->
                  new PictureInput(
                      sample.id(),
                      sample.source(),
                      PictureNames.of(sample.source()),
                      () -> sample)));
    }
  }

  /** Predicts all pictures of {@code source.path}, or those of a folder without any more in it. */
  public Outcome ofSource() {
    Optional<ImageArguments.Found> found =
        ImageArguments.plainFolder(spark.hadoopConfiguration(), settings.source());
    return found.isPresent() ? ofFolder(found.get()) : ofListed();
  }

  private Outcome ofListed() {
    try (SourceImages source =
        BellowsFailures.run(
            () -> SourceImages.list(spark, settings.source(), settings.prepare()))) {
      BellowsFailures.run(
          () -> {
            OutputCollisions.requireNone(source.paths());
            return true;
          });
      PredictTask task = task(List.of());
      watch.expect(source.images());
      return outcome(
          source
              .parts(settings.predict().picturesPerPart())
              .mapPartitionsWithIndex(
                  (number, items) ->
                      List.of(captured(() -> ofItems(task, number, items))).iterator(),
                  false),
          source.passedOver());
    }
  }

  private Outcome ofFolder(ImageArguments.Found found) {
    List<Tuple2<Long, SourceItem>> items = new ArrayList<>();
    for (ImageArguments.Image image : found.images()) {
      String name = image.path().getName();
      items.add(
          new Tuple2<>(
              (long) items.size(),
              image.problem() == null
                  ? SourceItem.of("", name, "", 0, new WholeFile(image.path().toString()))
                  : SourceItem.refused("", name, "UNREADABLE", image.problem())));
    }
    List<String> paths = items.stream().map(item -> item._2().path()).toList();
    OutputCollisions.requireNone(paths, paths.stream().map(PictureNames::of).toList());
    PredictTask task = task(List.of());
    watch.expect(items.size());
    List<Stretch> stretches = stretches(items.size());
    List<List<Tuple2<Long, SourceItem>>> parts =
        stretches.stream()
            .map(s -> List.copyOf(items.subList((int) s.from(), (int) s.to())))
            .toList();
    return outcome(
        spark
            .parallelize(parts, parts.size())
            .mapPartitionsWithIndex(
                (number, part) ->
                    List.of(captured(() -> ofItems(task, number, part.next().iterator())))
                        .iterator(),
                false),
        found.passedOver() == 0 ? Map.of() : Map.of("no image", (long) found.passedOver()));
  }

  private static PicturePart ofItems(
      PredictTask task, int number, Iterator<Tuple2<Long, SourceItem>> items) {
    try (SourceImageReader reader =
        new SourceImageReader(task.hadoop(), task.model().settings().prepare().maxPixels())) {
      return task.run(
          number,
          mapped(
              items,
              item ->
                  new PictureInput(
                      item._1(),
                      item._2().path(),
                      PictureNames.of(item._2().path()),
                      () -> reader.read(item._2()))));
    } catch (IOException e) {
      throw Storage.failure("closing the source", e);
    }
  }

  private static Captured<PicturePart> captured(Supplier<PicturePart> work) {
    return BellowsFailures.captureLasting(work);
  }

  private static <A, B> Iterator<B> mapped(Iterator<A> items, Function<A, B> mapping) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return items.hasNext();
      }

      @Override
      public B next() {
        return mapping.apply(items.next());
      }
    };
  }

  private List<Stretch> stretches(long pictures) {
    int length = settings.predict().picturesPerPart();
    List<Stretch> stretches = new ArrayList<>();
    for (long from = 0; from < pictures; from += length) {
      stretches.add(new Stretch(stretches.size(), from, Math.min(pictures, from + length)));
    }
    return stretches;
  }

  private PredictTask task(List<PixelClass> ofDataset) {
    Configuration hadoop = spark.hadoopConfiguration();
    PictureFiles files = PictureFiles.of(hadoop, settings, model.classes(), ofDataset);
    files.removeOld(hadoop);
    return new PredictTask(model, files, watch.counter());
  }

  private Outcome outcome(JavaRDD<Captured<PicturePart>> parts, Map<String, Long> passedOver) {
    PicturePart.Sum sum = new PicturePart.Sum(model.classes());
    spark.sc().addSparkListener(watch);
    try {
      BellowsFailures.collect(parts).forEach(sum::add);
    } finally {
      spark.sc().removeSparkListener(watch);
    }
    return new Outcome(sum.part(), passedOver);
  }
}
