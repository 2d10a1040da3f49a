// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.picture;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.data.manifest.Split;
import org.bellows.data.prepare.image.SourceImageReader;
import org.bellows.data.prepare.image.SourceImages;
import org.bellows.data.prepare.source.part.SourceItem;
import org.bellows.data.shard.DatasetReader;
import org.bellows.data.shard.EncodedSample;
import org.bellows.data.shard.SampleRange;
import org.bellows.data.storage.Storage;
import org.bellows.driver.spark.BellowsFailures;
import org.bellows.driver.spark.BellowsFailures.Captured;
import scala.Tuple2;

/**
 * Divides pictures into parts of consecutive ones, each of which is one task. Which pictures a part
 * has depends on their number and order alone, never on the executors.
 */
public final class PictureParts {
  private final JavaSparkContext spark;
  private final long maxPixels;
  private final int picturesPerPart;

  /** A part of a split, or of a list. */
  private record Stretch(int number, String split, long from, long to) implements Serializable {}

  /**
   * @param maxPixels pictures of a source with more are refused
   */
  public PictureParts(JavaSparkContext spark, long maxPixels, int picturesPerPart) {
    this.spark = spark;
    this.maxPixels = maxPixels;
    this.picturesPerPart = picturesPerPart;
  }

  /**
   * Runs a task on each part of some splits.
   *
   * @param path of the dataset
   * @return the results in the order of the parts
   * @throws org.bellows.conf.BellowsException the first failure of a part
   */
  public <P> List<P> ofDataset(
      String path, DatasetManifest manifest, List<Split> splits, PartTask<P> task) {
    List<Stretch> stretches = new ArrayList<>();
    for (Split split : splits) {
      addStretches(stretches, split.name(), split.samples());
    }
    SerializableConfiguration hadoop = configuration();
    return collect(
        spark
            .parallelize(stretches, Math.max(1, stretches.size()))
            .map(
                stretch ->
                    captured(() -> ofStretch(hadoop.value(), path, manifest, stretch, task))));
  }

  private static <P> P ofStretch(
      Configuration hadoop,
      String path,
      DatasetManifest manifest,
      Stretch stretch,
      PartTask<P> task) {
    DatasetReader dataset = new DatasetReader(hadoop, path, manifest, stretch.split());
    try (SampleRange samples = new SampleRange(dataset, stretch.from(), stretch.to())) {
      return task.run(
          stretch.number(),
          mapped(samples, sample -> picture(sample, stretch.split(), manifest.classes())));
    }
  }

  private static Picture picture(EncodedSample sample, String split, List<String> classes) {
    Integer label = sample.label() == EncodedSample.NO_LABEL ? null : sample.label();
    String className = label == null ? null : classes.get(label);
    return new Picture(sample.id(), split, sample.source(), label, className, () -> sample);
  }

  /** As above, of all pictures of a source. */
  public <P> List<P> ofSource(SourceImages source, PartTask<P> task) {
    Map<String, Integer> labels = source.classes().indices();
    List<String> classes = source.classes().names();
    SerializableConfiguration hadoop = configuration();
    long most = maxPixels;
    return collect(
        source
            .parts(picturesPerPart)
            .mapPartitionsWithIndex(
                (number, items) ->
                    List.of(
                            captured(
                                () ->
                                    ofItems(
                                        hadoop.value(),
                                        most,
                                        number,
                                        items,
                                        labels,
                                        classes,
                                        task)))
                        .iterator(),
                false));
  }

  /** As above, of a list of items without labels, whose order is that of the pictures. */
  public <P> List<P> ofItems(List<SourceItem> items, PartTask<P> task) {
    List<Stretch> stretches = new ArrayList<>();
    addStretches(stretches, "", items.size());
    List<List<Tuple2<Long, SourceItem>>> parts =
        stretches.stream().map(stretch -> numbered(items, stretch)).toList();
    SerializableConfiguration hadoop = configuration();
    long most = maxPixels;
    return collect(
        spark
            .parallelize(parts, Math.max(1, parts.size()))
            .mapPartitionsWithIndex(
                (number, part) ->
                    List.of(
                            captured(
                                () ->
                                    ofItems(
                                        hadoop.value(),
                                        most,
                                        number,
                                        part.next().iterator(),
                                        Map.of(),
                                        List.of(),
                                        task)))
                        .iterator(),
                false));
  }

  private static List<Tuple2<Long, SourceItem>> numbered(List<SourceItem> items, Stretch stretch) {
    List<Tuple2<Long, SourceItem>> numbered = new ArrayList<>();
    for (long id = stretch.from(); id < stretch.to(); id++) {
      numbered.add(new Tuple2<>(id, items.get(Math.toIntExact(id))));
    }
    return numbered;
  }

  private static <P> P ofItems(
      Configuration hadoop,
      long maxPixels,
      int number,
      Iterator<Tuple2<Long, SourceItem>> items,
      Map<String, Integer> labels,
      List<String> classes,
      PartTask<P> task) {
    try (SourceImageReader reader = new SourceImageReader(hadoop, maxPixels)) {
      return task.run(
          number, mapped(items, item -> picture(item._1(), item._2(), labels, classes, reader)));
    } catch (IOException e) {
      throw Storage.failure("closing the source", e);
    }
  }

  private static Picture picture(
      long id,
      SourceItem item,
      Map<String, Integer> labels,
      List<String> classes,
      SourceImageReader reader) {
    Integer label = item.label() == null ? null : labels.get(item.label());
    String className = label == null ? null : classes.get(label);
    return new Picture(id, item.split(), item.path(), label, className, () -> reader.read(item));
  }

  private void addStretches(List<Stretch> stretches, String split, long pictures) {
    for (long from = 0; from < pictures; from += picturesPerPart) {
      long to = Math.min(pictures, from + picturesPerPart);
      stretches.add(new Stretch(stretches.size(), split, from, to));
    }
  }

  private SerializableConfiguration configuration() {
    return new SerializableConfiguration(spark.hadoopConfiguration());
  }

  private static <P> Captured<P> captured(Supplier<P> work) {
    return BellowsFailures.captureLasting(work);
  }

  private static <P> List<P> collect(JavaRDD<Captured<P>> parts) {
    return BellowsFailures.collect(parts);
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
}
