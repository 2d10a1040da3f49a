// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.features;

import java.io.IOException;
import java.io.Serializable;
import java.net.URISyntaxException;
import java.util.Iterator;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;
import org.bellows.data.decode.ImageDecoder;
import org.bellows.data.decode.image.ImageRefusedException;
import org.bellows.data.decode.image.ImageRefusedException.Reason;
import org.bellows.data.prepare.image.SourceImageReader;
import org.bellows.data.prepare.source.part.ItemContent.WholeFile;
import org.bellows.data.prepare.source.part.SourceItem;
import org.bellows.data.prepare.source.table.SparkPixels;
import org.bellows.data.shard.EncodedSample;
import org.bellows.data.storage.Storage;

/** The images of a partition's rows. Threads share it. */
final class RowImages implements AutoCloseable {
  private final Configuration hadoop;
  private final Place place;
  private final ImageDecoder decoder;
  private final SourceImageReader files;

  /**
   * Where a row has its image.
   *
   * @param input index of the column of images or paths
   * @param naming index of the column that names an image in messages, or -1
   */
  record Place(int input, int naming) implements Serializable {
    static Place of(ImageColumns columns, StructType schema) {
      return new Place(columns.inputIndex(schema), columns.nameIndex(schema));
    }

    String name(Numbered numbered) {
      return naming >= 0 && !numbered.row().isNullAt(naming)
          ? numbered.row().getString(naming)
          : "row %d of partition %d".formatted(numbered.number(), numbered.partition());
    }
  }

  /**
   * @param number of the row in its partition, from 0
   */
  record Numbered(Row row, int partition, long number) {}

  /**
   * @param maxPixels images with more are refused
   */
  RowImages(Configuration hadoop, Place place, long maxPixels) {
    this.hadoop = hadoop;
    this.place = place;
    this.decoder = new ImageDecoder(maxPixels);
    this.files = new SourceImageReader(hadoop, maxPixels);
  }

  /** The rows of the partition of the task that calls. */
  static Iterator<Numbered> numbered(Iterator<Row> rows) {
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

  /**
   * @return checked, not decoded
   * @throws ImageRefusedException when it is no good image, or a path leads nowhere
   * @throws BellowsException (infrastructure) when a file system does not answer
   */
  EncodedSample read(Numbered numbered) {
    Object value = numbered.row().get(place.input());
    if (value == null) {
      throw new ImageRefusedException(Reason.NOT_AN_IMAGE, "is null");
    }
    if (value instanceof Row struct) {
      SparkPixels pixels =
          SparkPixels.of(
              struct.getAs("height"),
              struct.getAs("width"),
              struct.getAs("mode"),
              struct.getAs("data"));
      if (pixels.problem() != null) {
        throw new ImageRefusedException(Reason.NOT_AN_IMAGE, pixels.problem());
      }
      return decoder.inspected(pixels.png(), place.name(numbered));
    }
    return value instanceof byte[] encoded
        ? decoder.inspected(encoded, place.name(numbered))
        : read((String) value);
  }

  /** A path that leads nowhere is this row's fault; a file system that does not answer is not. */
  private EncodedSample read(String file) {
    if (file.isBlank()) {
      throw new ImageRefusedException(Reason.UNREADABLE, "is an empty path");
    }
    try {
      new Path(file).getFileSystem(hadoop);
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

  @Override
  public void close() {
    try {
      files.close();
    } catch (IOException e) {
      throw Storage.failure("closing images", e);
    }
  }
}
