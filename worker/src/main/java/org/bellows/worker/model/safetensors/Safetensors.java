// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.model.safetensors;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bellows.conf.BellowsException;
import org.bellows.worker.files.Json;
import org.bellows.worker.model.tensor.ByteSlice;
import org.bellows.worker.model.tensor.ElementType;
import org.bellows.worker.model.tensor.PrintableName;
import org.bellows.worker.model.tensor.StoredTensor;
import org.bellows.worker.model.tensor.TensorFile;

/** Reads and writes safetensors files. */
public final class Safetensors {
  private static final String METADATA = "__metadata__";

  /** Enough for some 100,000 arrays; the reference implementation stops at 100 MB. */
  private static final int MOST_HEADER_BYTES = 16 << 20;

  private static final int ALIGNMENT = 8;
  private static final ObjectMapper STRICT =
      JsonMapper.builder()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final byte[] content;
  private final String where;

  /** The header's entry of an array. */
  private record Entry(String name, ElementType type, long[] shape, long begin, long end) {}

  /**
   * An array to be written.
   *
   * @param values last axis fastest
   */
  public record Array(long[] shape, float[] values) {}

  private Safetensors(byte[] content, String where) {
    this.content = content;
    this.where = where;
  }

  /** Whether the file begins like one: a length, then the JSON object's brace. */
  public static boolean recognises(byte[] content) {
    return content.length > Long.BYTES && content[Long.BYTES] == '{';
  }

  /**
   * @param where names the file in messages
   * @throws BellowsException (data) in one sentence when it is damaged
   */
  public static TensorFile read(byte[] content, String where) {
    return new Safetensors(content, where).read();
  }

  private TensorFile read() {
    int header = headerBytes();
    JsonNode root = header(header);
    List<Entry> entries = new ArrayList<>();
    Map<String, String> metadata = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> field : root.properties()) {
      if (field.getKey().equals(METADATA)) {
        field
            .getValue()
            .properties()
            .forEach(text -> metadata.put(text.getKey(), text.getValue().asText()));
      } else {
        entries.add(entry(field.getKey(), field.getValue()));
      }
    }
    ByteSlice data =
        ByteSlice.of(content).part(Long.BYTES + header, content.length - Long.BYTES - header);
    requireWithoutGaps(entries, data.length());
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    for (Entry entry : entries) {
      tensors.put(entry.name(), tensor(entry, data));
    }
    return new TensorFile("safetensors", tensors, metadata);
  }

  private int headerBytes() {
    if (content.length < Long.BYTES) {
      throw refused("it has %d bytes".formatted(content.length));
    }
    long header = ByteSlice.of(content).buffer().getLong(0);
    if (header < 0 || header > Math.min(MOST_HEADER_BYTES, content.length - Long.BYTES)) {
      throw refused(
          "its header has %s bytes, the file has %d, and at most %d are allowed"
              .formatted(Long.toUnsignedString(header), content.length, MOST_HEADER_BYTES));
    }
    return (int) header;
  }

  private JsonNode header(int bytes) {
    try {
      JsonNode root = STRICT.readTree(content, Long.BYTES, bytes);
      if (root == null || !root.isObject()) {
        throw refused("its header is no JSON object");
      }
      return root;
    } catch (IOException e) {
      String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      throw BellowsException.data(
          where + " is refused: its header is no JSON: " + PrintableName.name(reason), e);
    }
  }

  private Entry entry(String name, JsonNode node) {
    ElementType type =
        Arrays.stream(ElementType.values())
            .filter(known -> known.code().equals(node.path("dtype").asText()))
            .findFirst()
            .orElseThrow(
                () ->
                    refused(
                        "array %s has type %s"
                            .formatted(
                                PrintableName.name(name),
                                PrintableName.name(node.path("dtype").toString()))));
    long[] shape = numbers(name, node.path("shape"));
    long[] offsets = numbers(name, node.path("data_offsets"));
    if (offsets.length != 2 || offsets[0] > offsets[1]) {
      throw refused(
          "array %s has offsets %s".formatted(PrintableName.name(name), Arrays.toString(offsets)));
    }
    return new Entry(name, type, shape, offsets[0], offsets[1]);
  }

  private long[] numbers(String name, JsonNode node) {
    List<Long> numbers = new ArrayList<>();
    for (JsonNode item : node) {
      if (!item.isIntegralNumber() || !item.canConvertToLong() || item.asLong() < 0) {
        throw refused(
            "array %s has %s where a size or an offset is expected"
                .formatted(PrintableName.name(name), PrintableName.name(item.toString())));
      }
      numbers.add(item.asLong());
    }
    if (!node.isArray()) {
      throw refused("array %s has no shape or no data_offsets".formatted(PrintableName.name(name)));
    }
    return numbers.stream().mapToLong(Long::longValue).toArray();
  }

  private void requireWithoutGaps(List<Entry> entries, int dataBytes) {
    List<Entry> sorted = new ArrayList<>(entries);
    sorted.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
    long end = 0;
    for (Entry entry : sorted) {
      if (entry.begin() != end) {
        throw refused(
            "array %s begins at byte %d, the one before it ends at %d"
                .formatted(PrintableName.name(entry.name()), entry.begin(), end));
      }
      end = entry.end();
    }
    if (end != dataBytes) {
      throw refused("its arrays take %d bytes, %d are there".formatted(end, dataBytes));
    }
  }

  private StoredTensor tensor(Entry entry, ByteSlice data) {
    long bytes = entry.end() - entry.begin();
    try {
      StoredTensor tensor =
          StoredTensor.dense(
              PrintableName.name(entry.name()),
              entry.type(),
              entry.shape(),
              data.part((int) entry.begin(), (int) bytes));
      if (tensor.elements() * (long) entry.type().bytes() != bytes) {
        throw new IllegalArgumentException(
            "has the shape %s of %s in %d bytes"
                .formatted(Arrays.toString(entry.shape()), entry.type(), bytes));
      }
      return tensor;
    } catch (IllegalArgumentException e) {
      throw BellowsException.data(
          "%s is refused: array %s %s"
              .formatted(where, PrintableName.name(entry.name()), e.getMessage()),
          e);
    }
  }

  /**
   * Writes 32-bit floats.
   *
   * @param arrays by name, in this order
   * @param metadata texts about the file
   */
  public static void write(
      OutputStream out, Map<String, Array> arrays, Map<String, String> metadata)
      throws IOException {
    Map<String, Object> header = new LinkedHashMap<>();
    header.put(METADATA, metadata);
    long end = 0;
    for (Map.Entry<String, Array> array : arrays.entrySet()) {
      long begin = end;
      end += (long) array.getValue().values().length * Float.BYTES;
      header.put(
          array.getKey(),
          Map.of(
              "dtype", ElementType.FLOAT32.code(),
              "shape", array.getValue().shape(),
              "data_offsets", new long[] {begin, end}));
    }
    byte[] json = Json.line(header).getBytes(StandardCharsets.UTF_8);
    int padded = (json.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    byte[] text = Arrays.copyOf(json, padded);
    Arrays.fill(text, json.length, padded, (byte) ' ');
    out.write(littleEndian(Long.BYTES).putLong(padded).array());
    out.write(text);
    for (Array array : arrays.values()) {
      ByteBuffer bytes = littleEndian(array.values().length * Float.BYTES);
      bytes.asFloatBuffer().put(array.values());
      out.write(bytes.array());
    }
  }

  private static ByteBuffer littleEndian(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private BellowsException refused(String why) {
    return BellowsException.data(where + " is refused: " + why);
  }
}
