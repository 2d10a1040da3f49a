// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.model.safetensors;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.Assertions;
import org.bellows.conf.BellowsException;
import org.bellows.worker.model.ModelFiles;
import org.bellows.worker.model.tensor.StoredTensor;
import org.bellows.worker.model.tensor.TensorFile;
import org.junit.jupiter.api.Test;

class SafetensorsTest {
  private static final String F32 = "{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}";

  private static byte[] file(String header, int dataBytes) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(Long.BYTES + json.length + dataBytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(json.length)
        .put(json)
        .array();
  }

  private static AbstractThrowableAssert<?, ?> refusal(byte[] content) {
    return Assertions.assertThatThrownBy(() -> Safetensors.read(content, "FILE"))
        .isInstanceOf(BellowsException.class);
  }

  private static byte[] written() throws IOException {
    Map<String, Safetensors.Array> arrays = new LinkedHashMap<>();
    float[] odd = {Float.MIN_VALUE, -0.0f, 1 / 3f, Float.MAX_VALUE, -Float.MIN_NORMAL, 5};
    arrays.put("z.weight", new Safetensors.Array(new long[] {2, 3}, odd));
    arrays.put("a.bias", new Safetensors.Array(new long[] {1}, new float[] {7}));
    arrays.put("scalar", new Safetensors.Array(new long[0], new float[] {9}));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Safetensors.write(out, arrays, Map.of("about", "a test"));
    return out.toByteArray();
  }

  @Test
  void readsBitForBitWhatItWrote() throws IOException {
    byte[] content = written();
    assertThat(Safetensors.recognises(content)).isTrue();
    TensorFile file = Safetensors.read(content, "FILE");
    assertThat(file.metadata()).containsExactly(Map.entry("about", "a test"));
    StoredTensor weight = file.tensors().get("z.weight");
    assertThat(weight.shape()).containsExactly(2, 3);
    float[] values = weight.floats();
    assertThat(Float.floatToRawIntBits(values[1])).isEqualTo(Float.floatToRawIntBits(-0.0f));
    assertThat(values)
        .containsExactly(Float.MIN_VALUE, -0.0f, 1 / 3f, Float.MAX_VALUE, -Float.MIN_NORMAL, 5);
    assertThat(file.tensors().get("a.bias").floats()).containsExactly(7);
    assertThat(file.tensors().get("scalar").floats()).containsExactly(9);
  }

  @Test
  void startsEachArrayWhereFloatsMayStand() throws IOException {
    long header = ByteBuffer.wrap(written()).order(ByteOrder.LITTLE_ENDIAN).getLong();
    assertThat(header % 8).isZero();
  }

  @Test
  void refusesHeadersThatCannotBe() {
    byte[] huge = file("{}", 0);
    huge[7] = (byte) 0x80;
    refusal(huge)
        .hasMessage(
            "FILE is refused: its header has 9223372036854775810 bytes, the file has 10, and at"
                + " most 16777216 are allowed");
    huge[7] = 0;
    huge[3] = 1;
    refusal(huge).hasMessageContaining("its header has 16777218 bytes, the file has 10");
    refusal(file("[1]", 0)).hasMessage("FILE is refused: its header is no JSON object");
    refusal(file("{\"a\":", 0)).hasMessageStartingWith("FILE is refused: its header is no JSON: ");
    refusal(file("{\"a\":" + F32 + ",\"a\":" + F32 + "}", 8))
        .hasMessageContaining("Duplicate field 'a'");
    refusal(file("{\"a\":" + "[".repeat(5000) + "]".repeat(5000) + "}", 8))
        .hasMessageContaining("nesting depth");
    refusal(new byte[] {1, 2}).hasMessage("FILE is refused: it has 2 bytes");
  }

  @Test
  void refusesArraysThatCannotBe() {
    refusal(file("{\"a\":" + F32 + ",\"b\":" + F32.replace("[0,8]", "[4,12]") + "}", 12))
        .hasMessage("FILE is refused: array b begins at byte 4, the one before it ends at 8");
    refusal(file("{\"a\":" + F32 + ",\"b\":" + F32.replace("[0,8]", "[12,20]") + "}", 20))
        .hasMessage("FILE is refused: array b begins at byte 12, the one before it ends at 8");
    refusal(file("{\"a\":" + F32 + "}", 4))
        .hasMessage("FILE is refused: its arrays take 8 bytes, 4 are there");
    refusal(file("{\"a\":" + F32 + "}", 9))
        .hasMessage("FILE is refused: its arrays take 8 bytes, 9 are there");
    refusal(file("{\"a\":" + F32.replace("[2]", "[3]") + "}", 8))
        .hasMessage("FILE is refused: array a has the shape [3], but its storage holds 2 elements");
    refusal(file("{\"a\":" + F32.replace("[2]", "[1]") + "}", 8))
        .hasMessage("FILE is refused: array a has the shape [1] of FLOAT32 in 8 bytes");
    refusal(file("{\"a\":" + F32.replace("F32", "F8") + "}", 8))
        .hasMessage("FILE is refused: array a has type \"F8\"");
    refusal(file("{\"a\":" + F32.replace("[0,8]", "[8,0]") + "}", 8))
        .hasMessage("FILE is refused: array a has offsets [8, 0]");
    refusal(file("{\"a\":" + F32.replace("[2]", "[-2]") + "}", 8))
        .hasMessage("FILE is refused: array a has -2 where a size or an offset is expected");
    refusal(file("{\"a\":" + F32.replace("[2]", "[4294967296,4294967296]") + "}", 8))
        .hasMessageContaining("but its storage holds 2 elements");
    refusal(file("{\"a\":3}", 0)).hasMessageContaining("array a has type");
    refusal(file("{\"a\\n\":3}", 0)).hasMessageContaining("array a\\u000a has type");
  }

  @Test
  void survivesDamage() throws IOException {
    ModelFiles.damage(
        written(),
        10_000,
        3,
        content ->
            Safetensors.read(content, "FILE").tensors().values().stream()
                .filter(tensor -> tensor.type().isFloating())
                .forEach(StoredTensor::floats));
  }
}
