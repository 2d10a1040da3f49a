// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.features;

import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.bellows.worker.features.ImageFeature;

/** Turns a row into Parquet's record events. */
final class FeatureWriteSupport extends WriteSupport<FeatureRow> {
  /** Spark ML's mark of a dense vector. */
  private static final int DENSE = 1;

  private static final String LIST = "list";
  private static final String ELEMENT = "element";

  private final Map<String, String> footer;
  private final List<String> classes;
  private final boolean withTop;
  private RecordConsumer consumer;

  /**
   * @param classes of the network, which {@code top} is among
   */
  FeatureWriteSupport(Map<String, String> footer, List<String> classes, boolean withTop) {
    this.footer = footer;
    this.classes = classes;
    this.withTop = withTop;
  }

  @Override
  public WriteContext init(Configuration configuration) {
    return new WriteContext(FeatureSchema.parquet(withTop), footer);
  }

  @Override
  public void prepareForWrite(RecordConsumer recordConsumer) {
    consumer = recordConsumer;
  }

  @Override
  public void write(FeatureRow row) {
    consumer.startMessage();
    consumer.startField(FeatureSchema.ID, 0);
    consumer.addLong(row.id());
    consumer.endField(FeatureSchema.ID, 0);
    addText(FeatureSchema.SPLIT, 1, row.split());
    addText(FeatureSchema.SOURCE, 2, row.source());
    if (row.label() != null) {
      addInteger(FeatureSchema.LABEL, 3, row.label());
    }
    addText(FeatureSchema.CLASS, 4, row.className());
    ImageFeature feature = row.feature();
    if (feature.values() != null) {
      addVector(feature.values());
    }
    addText(FeatureSchema.REASON, 6, feature.refusal());
    if (withTop && feature.values() != null) {
      addTop(feature);
    }
    consumer.endMessage();
  }

  private void addVector(float[] values) {
    consumer.startField(FeatureSchema.FEATURES, 5);
    consumer.startGroup();
    addInteger("type", 0, DENSE);
    consumer.startField("values", 3);
    consumer.startGroup();
    if (values.length > 0) {
      consumer.startField(LIST, 0);
      for (float value : values) {
        consumer.startGroup();
        consumer.startField(ELEMENT, 0);
        consumer.addDouble(value);
        consumer.endField(ELEMENT, 0);
        consumer.endGroup();
      }
      consumer.endField(LIST, 0);
    }
    consumer.endGroup();
    consumer.endField("values", 3);
    consumer.endGroup();
    consumer.endField(FeatureSchema.FEATURES, 5);
  }

  private void addTop(ImageFeature feature) {
    consumer.startField(FeatureSchema.TOP, 7);
    consumer.startGroup();
    consumer.startField(LIST, 0);
    for (int rank = 0; rank < feature.top().length; rank++) {
      consumer.startGroup();
      consumer.startField(ELEMENT, 0);
      consumer.startGroup();
      addText("class", 0, classes.get(feature.top()[rank]));
      consumer.startField("probability", 1);
      consumer.addDouble(feature.probabilities()[rank]);
      consumer.endField("probability", 1);
      consumer.endGroup();
      consumer.endField(ELEMENT, 0);
      consumer.endGroup();
    }
    consumer.endField(LIST, 0);
    consumer.endGroup();
    consumer.endField(FeatureSchema.TOP, 7);
  }

  private void addInteger(String field, int index, int value) {
    consumer.startField(field, index);
    consumer.addInteger(value);
    consumer.endField(field, index);
  }

  /** A null is no event at all. */
  private void addText(String field, int index, String value) {
    if (value != null) {
      consumer.startField(field, index);
      consumer.addBinary(Binary.fromString(value));
      consumer.endField(field, index);
    }
  }
}
