// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.shard;

import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;

/** Turns a sample into Parquet's record events. */
final class SampleWriteSupport extends WriteSupport<EncodedSample> {
  private final MessageType schema;
  private RecordConsumer consumer;

  SampleWriteSupport(MessageType schema) {
    this.schema = schema;
  }

  @Override
  public WriteContext init(Configuration configuration) {
    return new WriteContext(schema, Map.of(ShardSchema.FORMAT_KEY, ShardSchema.FORMAT_VERSION));
  }

  @Override
  public void prepareForWrite(RecordConsumer recordConsumer) {
    consumer = recordConsumer;
  }

  @Override
  public void write(EncodedSample sample) {
    consumer.startMessage();
    addInteger(ShardSchema.LABEL, sample.label());
    addBinary(ShardSchema.ENCODING, Binary.fromString(sample.encoding().columnValue()));
    addInteger(ShardSchema.HEIGHT, sample.height());
    addInteger(ShardSchema.WIDTH, sample.width());
    addInteger(ShardSchema.CHANNELS, sample.channels());
    addBinary(ShardSchema.SOURCE, Binary.fromString(sample.source()));
    addBinary(ShardSchema.IMAGE, Binary.fromConstantByteArray(sample.image()));
    if (sample.mask() != null) {
      addBinary(ShardSchema.MASK, Binary.fromConstantByteArray(sample.mask()));
    }
    if (sample.labels() != null) {
      addLabels(sample.labels());
    }
    consumer.endMessage();
  }

  private void addLabels(int[] labels) {
    consumer.startField(schema.getFieldName(ShardSchema.LABELS), ShardSchema.LABELS);
    consumer.startGroup();
    if (labels.length > 0) {
      consumer.startField(ShardSchema.LIST, 0);
      for (int label : labels) {
        consumer.startGroup();
        consumer.startField(ShardSchema.ELEMENT, 0);
        consumer.addInteger(label);
        consumer.endField(ShardSchema.ELEMENT, 0);
        consumer.endGroup();
      }
      consumer.endField(ShardSchema.LIST, 0);
    }
    consumer.endGroup();
    consumer.endField(schema.getFieldName(ShardSchema.LABELS), ShardSchema.LABELS);
  }

  private void addInteger(int field, int value) {
    consumer.startField(schema.getFieldName(field), field);
    consumer.addInteger(value);
    consumer.endField(schema.getFieldName(field), field);
  }

  private void addBinary(int field, Binary value) {
    consumer.startField(schema.getFieldName(field), field);
    consumer.addBinary(value);
    consumer.endField(schema.getFieldName(field), field);
  }
}
