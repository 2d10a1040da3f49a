// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.listing;

import java.util.Iterator;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.SerializableConfiguration;
import org.apache.spark.util.TaskCompletionListener;
import org.bellows.conf.SourceSettings;
import org.bellows.data.prepare.source.part.PassedOver;
import org.bellows.data.prepare.source.part.Source;
import org.bellows.data.prepare.source.part.SourcePart;

/** Lists a source's parts in tasks. The items that they find stay with the executors. */
public final class SourceLister implements AutoCloseable {
  /** So that a task that has a large part does not keep all others waiting. */
  private static final int TASKS_PER_CORE = 4;

  private final JavaSparkContext spark;
  private final SerializableConfiguration hadoop;
  private final Source source;
  private final int tasks;
  private final JavaRDD<ListingResult> listed;

  /** Whether the items are listed a second time to be read. */
  private final boolean isListedAgain;

  public SourceLister(JavaSparkContext spark, Source source) {
    this.spark = spark;
    this.hadoop = new SerializableConfiguration(spark.hadoopConfiguration());
    this.source = source;
    // Once: the number of cores changes when executors come and go.
    this.tasks =
        Math.max(1, Math.min(source.parts().size(), TASKS_PER_CORE * spark.defaultParallelism()));
    this.listed = list(source.parts(), false);
    this.isListedAgain = source.carriesContent();
    if (!isListedAgain) {
      // Kept on the executors' disks: walking an archive or asking for a million files is dear.
      listed.persist(StorageLevel.DISK_ONLY());
    }
  }

  /** Of rows, which are read once: a second time a table may have others. */
  public SourceLister(JavaSparkContext spark, ItemRows rows) {
    this.spark = spark;
    this.hadoop = new SerializableConfiguration(spark.hadoopConfiguration());
    this.source = rows.source();
    this.tasks = Math.max(1, rows.items().getNumPartitions());
    this.listed = rows.items();
    this.isListedAgain = false;
    listed.persist(StorageLevel.DISK_ONLY());
  }

  /** Numbers only come to the driver. */
  public ListingCounts summarize() {
    ListingCounts all = new ListingCounts();
    summaries().forEach(all::add);
    return all;
  }

  /** The items that each task found, in their order. */
  public List<ListingCounts> summaries() {
    boolean ofRows = source.format() == SourceSettings.Format.SPARK;
    return listed.mapPartitions(items -> summarize(items, ofRows)).collect();
  }

  /** All items, with what {@link Source#carriesContent() is carried}. */
  public JavaRDD<ListingResult> items() {
    return isListedAgain ? list(source.parts(), true) : listed;
  }

  /** The entries that are passed over. Where listing is not kept, only folders are listed again. */
  public JavaRDD<PassedOver> passedOver() {
    JavaRDD<ListingResult> all =
        isListedAgain
            ? list(source.parts().stream().filter(SourcePart::isOfFolder).toList(), false)
            : listed;
    return all.filter(found -> found.passedOver() != null).map(ListingResult::passedOver);
  }

  @Override
  public void close() {
    listed.unpersist(false);
  }

  private JavaRDD<ListingResult> list(List<SourcePart> all, boolean withContent) {
    SerializableConfiguration configuration = hadoop;
    return spark
        .parallelize(all, Math.min(tasks, Math.max(1, all.size())))
        .mapPartitions(parts -> list(configuration, parts, withContent));
  }

  private static Iterator<ListingResult> list(
      SerializableConfiguration configuration, Iterator<SourcePart> parts, boolean withContent) {
    ListedItems items = new ListedItems(configuration.value(), parts, withContent);
    TaskCompletionListener closing = context -> items.close();
    TaskContext.get().addTaskCompletionListener(closing);
    return items;
  }

  private static Iterator<ListingCounts> summarize(Iterator<ListingResult> items, boolean ofRows) {
    ListingCounts listing = new ListingCounts();
    boolean goesOn = true;
    while (goesOn && items.hasNext()) {
      ListingResult item = items.next();
      goesOn = ofRows ? listing.addRow(item) : listing.add(item);
    }
    return List.of(listing).iterator();
  }
}
