// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.watch.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.shaded.com.google.common.hash.Hashing;
import org.nd4j.shade.protobuf.CodedInputStream;
import org.nd4j.shade.protobuf.WireFormat;
import org.tensorflow.framework.Summary;

/**
 * Reads event files with nothing of what writes them: Guava's CRC-32C, protobuf's own reader,
 * TensorFlow's generated Summary; and keeps what TensorBoard would keep of them.
 */
public final class EventFiles {
  private static final int HEADER_BYTES = 12;

  private EventFiles() {}

  /** The fields that are used of event.proto. */
  record Event(double wallTime, long step, String version, Summary summary, boolean start) {}

  /** Of a folder, in the order of the files' names; each begins with its version. */
  static List<Event> read(Path folder) throws IOException {
    FileSystem files = folder.getFileSystem(new Configuration());
    Map<String, FileStatus> sorted = new TreeMap<>();
    for (FileStatus file : files.listStatus(folder)) {
      sorted.put(file.getPath().getName(), file);
    }
    List<Event> all = new ArrayList<>();
    for (FileStatus file : sorted.values()) {
      // All that holds this word is an event file to TensorBoard, Hadoop's checksum files, too.
      assertThat(file.getPath().getName()).startsWith("events.out.tfevents.");
      byte[] content = new byte[(int) file.getLen()];
      try (var in = files.open(file.getPath())) {
        in.readFully(0, content);
      }
      List<Event> events = events(content);
      assertThat(events.get(0).version()).as(file.getPath().toString()).isEqualTo("brain.Event:2");
      all.addAll(events);
    }
    return all;
  }

  private static List<Event> events(byte[] file) throws IOException {
    ByteBuffer rest = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    List<Event> events = new ArrayList<>();
    while (rest.hasRemaining()) {
      int at = rest.position();
      int length = (int) rest.getLong();
      assertThat(rest.getInt())
          .as("checksum of the length at %d", at)
          .isEqualTo(masked(file, at, 8));
      byte[] content = new byte[length];
      rest.get(content);
      assertThat(rest.getInt())
          .as("checksum of the content at %d", at)
          .isEqualTo(masked(file, at + HEADER_BYTES, length));
      events.add(event(content));
    }
    return events;
  }

  /** As record_writer.h has it. */
  static int masked(byte[] bytes, int from, int length) {
    int checksum = Hashing.crc32c().hashBytes(bytes, from, length).asInt();
    return ((checksum >>> 15) | (checksum << 17)) + 0xa282ead8;
  }

  private static Event event(byte[] content) throws IOException {
    CodedInputStream in = CodedInputStream.newInstance(content);
    double time = 0;
    long step = 0;
    String version = null;
    Summary summary = Summary.getDefaultInstance();
    boolean start = false;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case 1 -> time = in.readDouble();
        case 2 -> step = in.readInt64();
        case 3 -> version = in.readStringRequireUtf8();
        case 5 -> summary = Summary.parseFrom(in.readByteArray());
        case 7 -> start = isStart(in.readByteArray());
        default -> throw new IOException("field " + WireFormat.getTagFieldNumber(tag));
      }
    }
    return new Event(time, step, version, summary, start);
  }

  private static boolean isStart(byte[] sessionLog) throws IOException {
    CodedInputStream in = CodedInputStream.newInstance(sessionLog);
    return WireFormat.getTagFieldNumber(in.readTag()) == 1 && in.readEnum() == 1;
  }

  /** Values by tag and step, as TensorBoard's event_accumulator.py keeps them. */
  public static Map<String, Map<Long, List<Float>>> curves(Path folder) throws IOException {
    Map<String, Map<Long, List<Float>>> curves = new LinkedHashMap<>();
    for (Event event : read(folder)) {
      if (event.start()) {
        curves.values().forEach(curve -> curve.keySet().removeIf(step -> step >= event.step()));
      }
      for (Summary.Value value : event.summary().getValueList()) {
        curves
            .computeIfAbsent(value.getTag(), tag -> new TreeMap<>())
            .computeIfAbsent(event.step(), step -> new ArrayList<>())
            .add(value.getSimpleValue());
      }
    }
    return curves;
  }
}
