// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.features;

import java.io.IOException;
import java.io.Serializable;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.TaskCompletionListener;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;
import org.bellows.data.decode.ImageDecoder;
import org.bellows.data.decode.image.ImageRefusedException;
import org.bellows.data.decode.image.ImageRefusedException.Reason;
import org.bellows.data.prepare.image.SourceImageReader;
import org.bellows.data.prepare.source.part.ItemContent.WholeFile;
import org.bellows.data.prepare.source.part.SourceItem;
import org.bellows.data.shard.EncodedSample;
import org.bellows.data.storage.Storage;
import org.bellows.worker.features.FeatureRequest;
import org.bellows.worker.features.FeatureStream;
import org.bellows.worker.features.ImageFeature;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/** A partition's rows in, the same rows with features out. Runs in a task. */
final class ImageRows implements MapPartitionsFunction<Row, Row> {
  private static final long serialVersionUID = 1L;

  private final ExecutorNetworks.Model model;
  private final FeatureRequest request;
  private final Reading reading;
  private final ImageColumns columns;
  private final int inputIndex;

  /** The column that names an image in messages, or -1. */
  private final int nameIndex;

  /**
   * @param batchImages in one forward pass
   * @param threads that decode, in each task
   * @param maxPixels images with more are refused
   */
  record Reading(int batchImages, int threads, long maxPixels) implements Serializable {
    /** One batch computes, one waits, and each thread decodes one. */
    FeatureStream.Limits limits() {
      return new FeatureStream.Limits(batchImages, threads, threads + 2);
    }
  }

  /**
   * @param number of the row in its partition, from 0
   */
  private record Numbered(Row row, int partition, long number) {}

  /**
   * @param schema of the rows that come in
   */
  ImageRows(
      ExecutorNetworks.Model model,
      FeatureRequest request,
      Reading reading,
      ImageColumns columns,
      StructType schema) {
    this.model = model;
    this.request = request;
    this.reading = reading;
    this.columns = columns;
    this.inputIndex = columns.inputIndex(schema);
    this.nameIndex = columns.nameIndex(schema);
  }

  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
    if (!rows.hasNext()) {
      return rows;
    }
    ExecutorNetworks.Lease lease = ExecutorNetworks.lease(model);
    SourceImageReader files = new SourceImageReader(model.hadoop().value(), reading.maxPixels());
    ImageDecoder decoder = new ImageDecoder(reading.maxPixels());
    FeatureStream<Numbered> stream =
        new FeatureStream<>(
            numbered(rows),
            numbered -> image(numbered, decoder, files),
            lease.network(),
            request,
            reading.limits());
    // Also if the last row is never requested: a limit, a failure.
    TaskCompletionListener closing =
        context -> {
          stream.close();
          lease.close();
          close(files);
        };
    TaskContext.get().addTaskCompletionListener(closing);
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return stream.hasNext();
      }

      @Override
      public Row next() {
        return row(stream.next());
      }
    };
  }

  private static void close(SourceImageReader files) {
    try {
      files.close();
    } catch (IOException e) {
      throw Storage.failure("closing images", e);
    }
  }

  private static Iterator<Numbered> numbered(Iterator<Row> rows) {
    int partition = TaskContext.getPartitionId();
    return new Iterator<>() {
      private long number;

      @Override
      public boolean hasNext() {
        return rows.hasNext();
      }

      @Override
      public Numbered next() {
        return new Numbered(rows.next(), partition, number++);
      }
    };
  }

  private EncodedSample image(Numbered numbered, ImageDecoder decoder, SourceImageReader files) {
    Object value = numbered.row().get(inputIndex);
    if (value == null) {
      throw new ImageRefusedException(Reason.NOT_AN_IMAGE, "is null");
    }
    return value instanceof byte[] encoded
        ? decoder.inspected(encoded, name(numbered))
        : read((String) value, files);
  }

  /** A path that leads nowhere is this row's fault; a file system that does not answer is not. */
  private EncodedSample read(String file, SourceImageReader files) {
    if (file.isBlank()) {
      throw new ImageRefusedException(Reason.UNREADABLE, "is an empty path");
    }
    try {
      new Path(file).getFileSystem(model.hadoop().value());
    } catch (IOException | RuntimeException e) {
      throw unreadable(e);
    }
    try {
      return files.read(SourceItem.of("", file, "", 0, new WholeFile(file)));
    } catch (BellowsException e) {
      if (e.category() == ErrorCategory.INFRASTRUCTURE) {
        throw e;
      }
      throw unreadable(e);
    }
  }

  private static ImageRefusedException unreadable(Exception failure) {
    boolean isMalformed = failure.getCause() instanceof URISyntaxException;
    Throwable cause = isMalformed ? failure.getCause() : failure;
    return new ImageRefusedException(Reason.UNREADABLE, "cannot be read: " + Storage.reason(cause));
  }

  private String name(Numbered numbered) {
    return nameIndex >= 0 && !numbered.row().isNullAt(nameIndex)
        ? numbered.row().getString(nameIndex)
        : "row %d of partition %d".formatted(numbered.number(), numbered.partition());
  }

  private Row row(FeatureStream.Result<Numbered> result) {
    ImageFeature feature = result.feature();
    if (feature.refusal() != null && !columns.keepsBadImages()) {
      throw BellowsException.data("image " + name(result.item()) + " " + feature.refusal());
    }
    Row before = result.item().row();
    List<Object> values = new ArrayList<>(before.size() + 3);
    for (int i = 0; i < before.size(); i++) {
      values.add(before.get(i));
    }
    values.add(feature.values() == null ? null : Vectors.dense(doubles(feature.values())));
    if (columns.top() != null) {
      values.add(feature.values() == null ? null : classes(feature));
    }
    if (columns.keepsBadImages()) {
      values.add(feature.refusal());
    }
    return RowFactory.create(values.toArray());
  }

  /** Scala's kind of list: Spark's rows hold no other. */
  private Seq<Row> classes(ImageFeature feature) {
    List<Row> classes = new ArrayList<>();
    for (int rank = 0; rank < feature.top().length; rank++) {
      String name = model.card().classes().get(feature.top()[rank]);
      classes.add(RowFactory.create(name, (double) feature.probabilities()[rank]));
    }
    return JavaConverters.asScalaBuffer(classes);
  }

  static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }
}
