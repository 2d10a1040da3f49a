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

  static final MessageType WITHOUT_MASK =
      MessageTypeParser.parseMessageType(
          """
          message sample {
            required int32 label;
            required binary encoding (STRING);
            required int32 height;
            required int32 width;
            required int32 channels;
            required binary source (STRING);
            required binary image;
          }
          """);

  static final MessageType WITH_MASK =
      MessageTypeParser.parseMessageType(
          """
          message sample {
            required int32 label;
            required binary encoding (STRING);
            required int32 height;
            required int32 width;
            required int32 channels;
            required binary source (STRING);
            required binary image;
            optional binary mask;
          }
          """);

  private ShardSchema() {}
}
