// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.shard;

import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/**
 * The columns, in the order in which {@link SampleWriteSupport} writes them. Shards of a split
 * without masks have no such column, so that a format 1 from before masks and one of today are the
 * same bytes.
 */
final class ShardSchema {
  static final String FORMAT_KEY = "bellows.shard-format";
  static final String FORMAT_VERSION = "1";

  static final int LABEL = 0;
  static final int ENCODING = 1;
  static final int HEIGHT = 2;
  static final int WIDTH = 3;
  static final int CHANNELS = 4;
  static final int SOURCE = 5;
  static final int IMAGE = 6;
  static final int MASK = 7;

  /** In the place of {@link #MASK}: no dataset has both. */
  static final int LABELS = 7;

  /** Names inside the list, as Parquet's specification has them. */
  static final String LIST = "list";

  static final String ELEMENT = "element";

  private static final String COLUMNS =
      """
      required int32 label;
      required binary encoding (STRING);
      required int32 height;
      required int32 width;
      required int32 channels;
      required binary source (STRING);
      required binary image;
      """;

  static final MessageType WITHOUT_MASK = sample("");
  static final MessageType WITH_MASK = sample("optional binary mask;");
  static final MessageType WITH_LABELS =
      sample(
          """
          required group labels (LIST) {
            repeated group list {
              required int32 element;
            }
          }
          """);

  private ShardSchema() {}

  static MessageType of(ShardColumns columns) {
    return switch (columns) {
      case PLAIN -> WITHOUT_MASK;
      case MASK -> WITH_MASK;
      case LABELS -> WITH_LABELS;
    };
  }

  /** Whether a file's schema has lists of labels. */
  static boolean hasLabels(MessageType schema) {
    return schema.containsField(WITH_LABELS.getFieldName(LABELS));
  }

  private static MessageType sample(String moreColumns) {
    return MessageTypeParser.parseMessageType("message sample {\n" + COLUMNS + moreColumns + "}");
  }
}
