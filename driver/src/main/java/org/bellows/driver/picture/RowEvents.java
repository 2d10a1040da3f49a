// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.picture;

import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;

/** Parquet's record events of a row's fields. A null is no event at all. */
public record RowEvents(RecordConsumer consumer) {
  private static final String LIST = "list";
  private static final String ELEMENT = "element";

  public void addLong(String field, int index, long value) {
    consumer.startField(field, index);
    consumer.addLong(value);
    consumer.endField(field, index);
  }

  public void addInteger(String field, int index, int value) {
    consumer.startField(field, index);
    consumer.addInteger(value);
    consumer.endField(field, index);
  }

  public void addFloat(String field, int index, float value) {
    consumer.startField(field, index);
    consumer.addFloat(value);
    consumer.endField(field, index);
  }

  public void addDouble(String field, int index, double value) {
    consumer.startField(field, index);
    consumer.addDouble(value);
    consumer.endField(field, index);
  }

  public void addText(String field, int index, String value) {
    if (value != null) {
      consumer.startField(field, index);
      consumer.addBinary(Binary.fromString(value));
      consumer.endField(field, index);
    }
  }

  /** One element of a list. */
  public interface Element {
    /** Adds what the element consists of. */
    void add(int position);
  }

  /**
   * A list.
   *
   * @param isGroup whether an element is a struct, whose fields are then added
   */
  public void addList(String field, int index, int length, boolean isGroup, Element element) {
    consumer.startField(field, index);
    consumer.startGroup();
    if (length > 0) {
      consumer.startField(LIST, 0);
      for (int position = 0; position < length; position++) {
        consumer.startGroup();
        consumer.startField(ELEMENT, 0);
        if (isGroup) {
          consumer.startGroup();
        }
        element.add(position);
        if (isGroup) {
          consumer.endGroup();
        }
        consumer.endField(ELEMENT, 0);
        consumer.endGroup();
      }
      consumer.endField(LIST, 0);
    }
    consumer.endGroup();
    consumer.endField(field, index);
  }
}
