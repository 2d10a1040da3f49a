// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.watch.tensorboard;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.bellows.worker.files.ProtobufMessage;

/**
 * Messages of {@code event.proto} and {@code summary.proto} as bytes. Times are seconds since 1970.
 */
final class EventMessages {
  private static final int WALL_TIME = 1;
  private static final int STEP = 2;
  private static final int FILE_VERSION = 3;
  private static final int SUMMARY = 5;
  private static final int SESSION_LOG = 7;

  private static final int SUMMARY_VALUE = 1;
  private static final int VALUE_TAG = 1;
  private static final int VALUE_SIMPLE = 2;

  private static final int LOG_STATUS = 1;
  private static final int STATUS_START = 1;

  private EventMessages() {}

  /** The first event of each file. */
  static byte[] version(double time) {
    return bytes(new ProtobufMessage().real(WALL_TIME, time).text(FILE_VERSION, "brain.Event:2"));
  }

  /** A reader forgets what it has read of this step and later ones. */
  static byte[] start(double time, long step) {
    ProtobufMessage log = new ProtobufMessage().number(LOG_STATUS, STATUS_START);
    return bytes(
        new ProtobufMessage().real(WALL_TIME, time).number(STEP, step).message(SESSION_LOG, log));
  }

  /**
   * @param values by tag
   */
  static byte[] scalars(double time, long step, Map<String, Double> values) {
    ProtobufMessage summary = new ProtobufMessage();
    values.forEach(
        (tag, value) ->
            summary.message(
                SUMMARY_VALUE,
                new ProtobufMessage().text(VALUE_TAG, tag).real(VALUE_SIMPLE, value.floatValue())));
    return bytes(
        new ProtobufMessage().real(WALL_TIME, time).number(STEP, step).message(SUMMARY, summary));
  }

  private static byte[] bytes(ProtobufMessage message) {
    ByteArrayOutputStream out = new ByteArrayOutputStream((int) message.size());
    try {
      message.write(out);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return out.toByteArray();
  }
}
