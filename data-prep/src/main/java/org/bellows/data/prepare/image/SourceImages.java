// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.image;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.apache.spark.Partitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.bellows.conf.Settings;
import org.bellows.conf.SourceSettings;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.data.prepare.listing.ListingCounts;
import org.bellows.data.prepare.listing.ListingResult;
import org.bellows.data.prepare.listing.SourceLister;
import org.bellows.data.prepare.source.Sources;
import org.bellows.data.prepare.source.SplitRules;
import org.bellows.data.prepare.source.part.ClassLabels;
import org.bellows.data.prepare.source.part.Source;
import org.bellows.data.prepare.source.part.SourceItem;
import scala.Tuple2;

/**
 * The images of a source in the source's own order, for a job that reads them in place instead of
 * preparing them. An image's id is its place in that order, refused ones counted; it depends on no
 * number of tasks.
 */
public final class SourceImages implements AutoCloseable {
  private final Source source;
  private final SourceLister lister;
  private final ListingCounts listing;
  private final String fingerprint;

  /** Id of the first image that each task lists. */
  private final long[] firstIds;

  private SourceImages(JavaSparkContext spark, SourceSettings from, Settings.Prepare prepare) {
    this.source = SplitRules.of(Sources.find(spark.hadoopConfiguration(), from), from, prepare);
    this.lister = new SourceLister(spark, source);
    List<ListingCounts> ofTasks = lister.summaries();
    this.listing = new ListingCounts();
    this.firstIds = new long[ofTasks.size()];
    for (int task = 0; task < firstIds.length; task++) {
      firstIds[task] = listing.images();
      listing.add(ofTasks.get(task));
    }
    listing.requireSound(source);
    this.fingerprint = listing.fingerprint(source, prepare, DatasetManifest.FORMAT_VERSION, "");
  }

  /**
   * Lists {@code source.path}.
   *
   * @throws org.bellows.conf.BellowsException (data) when it is missing, badly laid out or empty
   */
  public static SourceImages list(
      JavaSparkContext spark, SourceSettings from, Settings.Prepare prepare) {
    return new SourceImages(spark, from, prepare);
  }

  public String root() {
    return source.root();
  }

  /** Tells two sources, or two states of one, apart: as a prepared dataset's provenance has it. */
  public String fingerprint() {
    return fingerprint;
  }

  /** How many there are, refused ones counted. */
  public long images() {
    return listing.images();
  }

  /** Entries of the source that are no images of it by their names: how many of each kind. */
  public Map<String, Long> passedOver() {
    return listing.passedOver();
  }

  /** Names of the classes, and the labels that the source has for them. */
  public ClassLabels.Table classes() {
    return listing.classes(source);
  }

  /** Paths of all images but those that listing refused, in no order that holds. */
  public JavaRDD<String> paths() {
    return lister
        .items()
        .filter(listed -> listed.item() != null && listed.item().refusal() == null)
        .map(listed -> listed.item().path());
  }

  /** (id, image), a part for each stretch of so many ids, in order. */
  public JavaPairRDD<Long, SourceItem> parts(int imagesPerPart) {
    long[] first = firstIds;
    ClassLabels.Table classes = classes();
    JavaPairRDD<Long, SourceItem> numbered =
        lister
            .items()
            .mapPartitionsWithIndex((task, items) -> numbered(first[task], items, classes), false)
            .mapToPair(pair -> pair);
    int parts = Math.toIntExact((images() + imagesPerPart - 1) / imagesPerPart);
    return numbered.repartitionAndSortWithinPartitions(new Stretches(parts, imagesPerPart));
  }

  private static Iterator<Tuple2<Long, SourceItem>> numbered(
      long first, Iterator<ListingResult> items, ClassLabels.Table classes) {
    return new Iterator<>() {
      private long id = first;
      private SourceItem following;

      @Override
      public boolean hasNext() {
        while (following == null && items.hasNext()) {
          ListingResult listed = items.next();
          if (listed.failure() != null) {
            // Found while listing the first time, it would have ended the job.
            throw listed.failure().exception();
          }
          following = listed.item();
        }
        return following != null;
      }

      @Override
      public Tuple2<Long, SourceItem> next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        SourceItem item = following;
        following = null;
        return new Tuple2<>(id++, classes.checked(item));
      }
    };
  }

  @Override
  public void close() {
    lister.close();
  }

  /** Stretches of ids of one length. */
  private static final class Stretches extends Partitioner {
    private static final long serialVersionUID = 1L;

    private final int parts;
    private final int length;

    Stretches(int parts, int length) {
      this.parts = parts;
      this.length = length;
    }

    @Override
    public int numPartitions() {
      return parts;
    }

    @Override
    public int getPartition(Object id) {
      return (int) ((Long) id / length);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Stretches same && same.parts == parts && same.length == length;
    }

    @Override
    public int hashCode() {
      return 31 * parts + length;
    }
  }
}
