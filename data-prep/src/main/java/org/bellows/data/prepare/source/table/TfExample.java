// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source.table;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The features of a {@code tf.train.Example} (TensorFlow's example.proto and feature.proto), with
 * bytes left where they are.
 */
final class TfExample {
  private static final int FEATURES = 1;
  private static final int ENTRY = 1;
  private static final int KEY = 1;
  private static final int VALUE = 2;
  private static final int BYTES_LIST = 1;
  private static final int FLOAT_LIST = 2;
  private static final int INT64_LIST = 3;
  private static final int LIST_VALUE = 1;

  /** Labels of a record; values beyond them are counted. */
  static final int MOST_VALUES = 1 << 16;

  private final CodedInputStream in;
  private final Map<String, Feature> features = new TreeMap<>();

  enum Kind {
    NOTHING,
    BYTES,
    FLOATS,
    WHOLE_NUMBERS
  }

  /**
   * A value: a stretch of the record, where it is bytes, or a whole number.
   *
   * @param offset in the record
   * @param number where it is a whole number
   */
  record Value(int offset, int length, long number) {}

  /**
   * A list of values, of which {@link #MOST_VALUES} are kept.
   *
   * @param count values that it has
   * @param values none of floats
   */
  record Feature(Kind kind, int count, List<Value> values) {
    private static final Feature NONE = new Feature(Kind.NOTHING, 0, List.of());

    Value first() {
      return values.get(0);
    }
  }

  private TfExample(byte[] record) {
    this.in = CodedInputStream.newInstance(record);
  }

  /**
   * @return by name
   * @throws IOException when it is none
   */
  static Map<String, Feature> features(byte[] record) throws IOException {
    TfExample example = new TfExample(record);
    example.each(field -> field == FEATURES, example::readFeatures);
    return example.features;
  }

  private interface Fields {
    boolean isRead(int field);
  }

  private interface Body {
    void read() throws IOException;
  }

  /** The messages of a field, each until its end; other fields are passed over. */
  private void each(Fields fields, Body body) throws IOException {
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (fields.isRead(WireFormat.getTagFieldNumber(tag))) {
        message(tag, body);
      } else {
        pass(tag);
      }
    }
  }

  private void message(int tag, Body body) throws IOException {
    requireType(tag, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    int limit = in.pushLimit(in.readRawVarint32());
    body.read();
    if (in.getBytesUntilLimit() != 0) {
      throw new IOException("its lengths do not fit");
    }
    in.popLimit(limit);
  }

  /** Groups are as old as protobuf and may be nested without an end. */
  private void pass(int tag) throws IOException {
    int type = WireFormat.getTagWireType(tag);
    if (type == WireFormat.WIRETYPE_START_GROUP || type == WireFormat.WIRETYPE_END_GROUP) {
      throw new IOException("it has a group");
    }
    in.skipField(tag);
  }

  private static void requireType(int tag, int type) throws IOException {
    if (WireFormat.getTagWireType(tag) != type) {
      throw new IOException(
          "its field %d is of type %d, expected %d"
              .formatted(WireFormat.getTagFieldNumber(tag), WireFormat.getTagWireType(tag), type));
    }
  }

  private void readFeatures() throws IOException {
    each(field -> field == ENTRY, this::readEntry);
  }

  private void readEntry() throws IOException {
    String key = "";
    Feature[] value = {Feature.NONE};
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case KEY -> {
          requireType(tag, WireFormat.WIRETYPE_LENGTH_DELIMITED);
          key = in.readString();
        }
        case VALUE -> message(tag, () -> value[0] = feature());
        default -> pass(tag);
      }
    }
    features.put(key, value[0]);
  }

  private Feature feature() throws IOException {
    Feature[] found = {Feature.NONE};
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case BYTES_LIST -> message(tag, () -> found[0] = bytes());
        case FLOAT_LIST -> {
          found[0] = new Feature(Kind.FLOATS, 1, List.of());
          pass(tag);
        }
        case INT64_LIST -> message(tag, () -> found[0] = numbers());
        default -> pass(tag);
      }
    }
    return found[0];
  }

  private Feature bytes() throws IOException {
    List<Value> values = new ArrayList<>();
    int count = 0;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (WireFormat.getTagFieldNumber(tag) != LIST_VALUE) {
        pass(tag);
        continue;
      }
      requireType(tag, WireFormat.WIRETYPE_LENGTH_DELIMITED);
      int length = in.readRawVarint32();
      int offset = in.getTotalBytesRead();
      in.skipRawBytes(length);
      if (++count <= MOST_VALUES) {
        values.add(new Value(offset, length, 0));
      }
    }
    return new Feature(Kind.BYTES, count, values);
  }

  /** One after the other in one field, as writers have it, or each in a field of its own. */
  private Feature numbers() throws IOException {
    List<Value> values = new ArrayList<>();
    int count = 0;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (WireFormat.getTagFieldNumber(tag) != LIST_VALUE) {
        pass(tag);
        continue;
      }
      boolean isPacked = WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
      if (!isPacked) {
        requireType(tag, WireFormat.WIRETYPE_VARINT);
      }
      int limit = isPacked ? in.pushLimit(in.readRawVarint32()) : 0;
      while (!isPacked || in.getBytesUntilLimit() > 0) {
        long number = in.readInt64();
        if (++count <= MOST_VALUES) {
          values.add(new Value(0, 0, number));
        }
        if (!isPacked) {
          break;
        }
      }
      if (isPacked) {
        in.popLimit(limit);
      }
    }
    return new Feature(Kind.WHOLE_NUMBERS, count, values);
  }
}
