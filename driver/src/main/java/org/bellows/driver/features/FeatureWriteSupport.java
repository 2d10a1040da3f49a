// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.features;

import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.io.api.RecordConsumer;
import org.bellows.driver.picture.RowEvents;
import org.bellows.worker.features.ImageFeature;

/** Turns a row into Parquet's record events. */
final class FeatureWriteSupport extends WriteSupport<FeatureRow> {
  /** Spark ML's mark of a dense vector. */
  private static final int DENSE = 1;

  private final Map<String, String> footer;
  private final List<String> classes;
  private final boolean withTop;
  private RecordConsumer consumer;
  private RowEvents events;

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
    events = new RowEvents(recordConsumer);
  }

  @Override
  public void write(FeatureRow row) {
    consumer.startMessage();
    events.addLong(FeatureSchema.ID, 0, row.id());
    events.addText(FeatureSchema.SPLIT, 1, row.split());
    events.addText(FeatureSchema.SOURCE, 2, row.source());
    if (row.label() != null) {
      events.addInteger(FeatureSchema.LABEL, 3, row.label());
    }
    events.addText(FeatureSchema.CLASS, 4, row.className());
    ImageFeature feature = row.feature();
    if (feature.values() != null) {
      addVector(feature.values());
    }
    events.addText(FeatureSchema.REASON, 6, feature.refusal());
    if (withTop && feature.values() != null) {
      addTop(feature);
    }
    consumer.endMessage();
  }

  private void addVector(float[] values) {
    consumer.startField(FeatureSchema.FEATURES, 5);
    consumer.startGroup();
    events.addInteger("type", 0, DENSE);
    events.addList("values", 3, values.length, false, i -> consumer.addDouble(values[i]));
    consumer.endGroup();
    consumer.endField(FeatureSchema.FEATURES, 5);
  }

  private void addTop(ImageFeature feature) {
    events.addList(
        FeatureSchema.TOP,
        7,
        feature.top().length,
        true,
        rank -> {
          events.addText("class", 0, classes.get(feature.top()[rank]));
          events.addDouble("probability", 1, feature.probabilities()[rank]);
        });
  }
}
