// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.shard;

import java.io.IOException;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;
import org.bellows.data.decode.LabelMaps;
import org.bellows.data.decode.image.ImageRefusedException;
import org.bellows.data.manifest.Shard;
import org.bellows.data.prepare.folder.PixelMoments;
import org.bellows.data.prepare.folder.ShardRecord;
import org.bellows.data.prepare.folder.StagingFolder;
import org.bellows.data.prepare.image.ItemRefusedException;
import org.bellows.data.prepare.image.SampleReader;
import org.bellows.data.prepare.listing.TaskFailure;
import org.bellows.data.prepare.source.part.ClassLabels;
import org.bellows.data.prepare.source.part.SourceItem;
import org.bellows.data.shard.EncodedSample;
import org.bellows.data.shard.ShardColumns;
import org.bellows.data.shard.ShardWriter;
import org.bellows.data.statistics.MaskLabelHistogram;
import org.bellows.data.storage.Storage;
import scala.Tuple2;

/** Writes one shard. Runs on an executor. */
public final class ShardTask
    implements Function2<
        Integer, Iterator<Tuple2<ShuffleKey, SourceItem>>, Iterator<ShardTask.Done>> {
  private static final long serialVersionUID = 1L;
  private static final String UNREADABLE = "UNREADABLE";
  private static final String FAULT = "FAULT";

  private final SerializableConfiguration configuration;
  private final Plan plan;
  private final Counters counters;

  /**
   * @param pending the shards that the task of each partition writes
   * @param classes the meaning of the labels
   * @param channels of the statistics
   * @param run tells this run's files from another's
   */
  record Plan(
      StagingFolder work,
      List<ShardPlan> pending,
      ClassLabels.Table classes,
      SampleReader.Rules rules,
      int blockKibibytes,
      ShardColumns columns,
      int channels,
      String run)
      implements Serializable {}

  /** Items that are done, and their bytes as listed. */
  public record Counters(LongAccumulator images, LongAccumulator bytes) implements Serializable {
    public static Counters of(SparkContext spark) {
      return new Counters(spark.longAccumulator("images"), spark.longAccumulator("bytes"));
    }
  }

  /** One of the two is null. */
  record Done(ShardRecord record, TaskFailure failure) implements Serializable {}

  ShardTask(SerializableConfiguration configuration, Plan plan, Counters counters) {
    this.configuration = configuration;
    this.plan = plan;
    this.counters = counters;
  }

  @Override
  public Iterator<Done> call(Integer partition, Iterator<Tuple2<ShuffleKey, SourceItem>> items)
      throws IOException {
    ShardPlan shard = plan.pending().get(partition);
    // Two attempts at a task may run at once; each has files of its own.
    String attempt = "." + plan.run() + "." + TaskContext.get().taskAttemptId();
    Path file = plan.work().shardOf(shard.name(), attempt);
    Path quarantine = plan.work().quarantineOf(shard.name(), attempt);
    Done done;
    try {
      done = new Done(write(shard, items, file, quarantine), null);
    } catch (BellowsException e) {
      done = new Done(null, TaskFailure.of(e));
    } catch (IOException | FSError e) {
      if (!Storage.isDiskFull(e)) {
        throw e instanceof IOException io
            ? Storage.writeFailure(file, io)
            : BellowsException.infrastructure(
                "writing " + file + " failed: " + Storage.reason(e), e);
      }
      String message = "writing " + file + " failed: the disk is full";
      done = new Done(null, new TaskFailure(ErrorCategory.INFRASTRUCTURE, message));
    }
    return List.of(done).iterator();
  }

  private ShardRecord write(
      ShardPlan shard, Iterator<Tuple2<ShuffleKey, SourceItem>> items, Path file, Path refusedFile)
      throws IOException {
    Configuration hadoop = configuration.value();
    FileSystem files = Storage.fileSystem(hadoop, file);
    PixelMoments moments = new PixelMoments(plan.channels());
    MaskLabelHistogram masks = new MaskLabelHistogram();
    long count = 0;
    long itemBytes = 0;
    long imageBytes = 0;
    try (SampleReader reader = new SampleReader(hadoop, plan.rules());
        ShardQuarantine quarantine = new ShardQuarantine(files, refusedFile);
        ShardWriter writer = new ShardWriter(hadoop, file, plan.blockKibibytes(), plan.columns())) {
      while (items.hasNext()) {
        SourceItem item = items.next()._2();
        SampleReader.Read read = readOrRefuse(reader, item, quarantine);
        if (read != null) {
          writer.write(read.sample());
          moments.add(read.pixels());
          if (read.mask() != null) {
            masks.add(LabelMaps.labels(read.mask()));
          }
          imageBytes += read.sample().image().length;
        }
        count++;
        itemBytes += item.bytes();
        counters.images().add(1);
        counters.bytes().add(item.bytes());
      }
      ShardWriter.Written written = writer.finish();
      ShardRecord record =
          new ShardRecord(
              shard.name(),
              shardOf(plan.work(), shard, written),
              count,
              itemBytes,
              imageBytes,
              moments.state(),
              masks.labelPixels(),
              quarantine.kinds(),
              quarantine.first(),
              quarantine.finish());
      plan.work().keep(hadoop, record, file, refusedFile);
      return record;
    }
  }

  private static Shard shardOf(StagingFolder work, ShardPlan shard, ShardWriter.Written written) {
    return written.blockSamples().isEmpty()
        ? null
        : new Shard(
            work.place() + "/" + shard.file(),
            written.bytes(),
            written.sha256(),
            written.blockSamples());
  }

  private SampleReader.Read read(SampleReader reader, SourceItem item)
      throws IOException, ItemRefusedException {
    if (plan.columns() == ShardColumns.LABELS) {
      SampleReader.Read read = reader.read(item, EncodedSample.NO_LABEL);
      int[] labels = plan.classes().classesOf(item);
      return new SampleReader.Read(read.sample().withLabels(labels), read.pixels(), read.mask());
    }
    return reader.read(
        item,
        item.isUnlabelled() ? EncodedSample.NO_LABEL : plan.classes().indices().get(item.label()));
  }

  /** Null when it was refused. */
  private SampleReader.Read readOrRefuse(
      SampleReader reader, SourceItem listed, ShardQuarantine quarantine) throws IOException {
    SourceItem item = plan.classes().checked(listed);
    String kind;
    String cause;
    try {
      if (item.refusal() == null) {
        return read(reader, item);
      }
      kind = item.refusal().kind();
      cause = item.refusal().reason();
    } catch (ImageRefusedException e) {
      kind = e.reason().name();
      cause = e.getMessage();
    } catch (ItemRefusedException e) {
      kind = e.kind();
      cause = e.getMessage();
    } catch (IOException e) {
      if (!Storage.isOfFile(e)) {
        // An error that is not an image's is reported with the name of the file that was being
        // read.
        throw Storage.failure("reading " + item.path() + " of the source", e);
      }
      kind = UNREADABLE;
      cause = "cannot be read: " + Storage.reason(e);
    } catch (BellowsException e) {
      if (e.category() == ErrorCategory.INFRASTRUCTURE) {
        throw e;
      }
      kind = UNREADABLE;
      cause = "cannot be read: " + e.getMessage();
    } catch (RuntimeException e) {
      // A fault of ours or of a library's that one file brought to light must not cost the others.
      kind = FAULT;
      cause = "could not be handled, which is a fault of Bellows: " + e;
    }
    quarantine.add(item.path(), kind, cause);
    return null;
  }
}
