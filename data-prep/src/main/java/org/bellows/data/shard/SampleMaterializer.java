// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.shard;

import java.util.stream.IntStream;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.io.api.RecordMaterializer;

/** Turns Parquet's record events into samples with rising ids. */
final class SampleMaterializer extends RecordMaterializer<EncodedSample> {
  private final int[] integers = new int[ShardSchema.WITH_MASK.getFieldCount()];
  private final Binary[] binaries = new Binary[ShardSchema.WITH_MASK.getFieldCount()];
  private final Converter[] converters = new Converter[ShardSchema.WITH_MASK.getFieldCount()];
  private final boolean hasLabels;

  /** The current row's. */
  private IntStream.Builder labels = IntStream.builder();

  private long nextId;
  private EncodedSample current;

  /**
   * @param firstId of the first row
   * @param hasLabels whether rows have lists of labels
   */
  SampleMaterializer(long firstId, boolean hasLabels) {
    this.nextId = firstId;
    this.hasLabels = hasLabels;
    for (int field = 0; field < converters.length; field++) {
      converters[field] = new FieldConverter(field);
    }
    if (hasLabels) {
      converters[ShardSchema.LABELS] = group(group(new ElementConverter()));
    }
  }

  @Override
  public EncodedSample getCurrentRecord() {
    return current;
  }

  @Override
  public GroupConverter getRootConverter() {
    return new GroupConverter() {
      @Override
      public Converter getConverter(int field) {
        return converters[field];
      }

      @Override
      public void start() {
        current = null;
        // The one column that a row may lack: what the row before had must not stay.
        binaries[ShardSchema.MASK] = null;
        labels = IntStream.builder();
      }

      @Override
      public void end() {
        current = sample();
      }
    };
  }

  private EncodedSample sample() {
    Binary mask = binaries[ShardSchema.MASK];
    return new EncodedSample(
        nextId++,
        integers[ShardSchema.LABEL],
        Encoding.ofColumnValue(binaries[ShardSchema.ENCODING].toStringUsingUTF8()),
        integers[ShardSchema.HEIGHT],
        integers[ShardSchema.WIDTH],
        integers[ShardSchema.CHANNELS],
        binaries[ShardSchema.SOURCE].toStringUsingUTF8(),
        binaries[ShardSchema.IMAGE].getBytes(),
        mask == null ? null : mask.getBytes(),
        hasLabels ? labels.build().toArray() : null);
  }

  /** A group of one field, of which nothing but the field is of interest. */
  private static GroupConverter group(Converter field) {
    return new GroupConverter() {
      @Override
      public Converter getConverter(int index) {
        return field;
      }

      @Override
      public void start() {}

      @Override
      public void end() {}
    };
  }

  private final class ElementConverter extends PrimitiveConverter {
    @Override
    public void addInt(int value) {
      labels.add(value);
    }
  }

  private final class FieldConverter extends PrimitiveConverter {
    private final int field;

    FieldConverter(int field) {
      this.field = field;
    }

    @Override
    public void addInt(int value) {
      integers[field] = value;
    }

    @Override
    public void addBinary(Binary value) {
      binaries[field] = value;
    }
  }
}
