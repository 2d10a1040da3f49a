// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.model.torch;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes pickles instruction by instruction, those that PyTorch would never write, too. */
final class PickleBytes {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  PickleBytes() {
    raw(0x80, 2);
  }

  PickleBytes raw(int... bytes) {
    for (int b : bytes) {
      out.write(b);
    }
    return this;
  }

  PickleBytes text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    raw('X').little(bytes.length, Integer.BYTES);
    out.writeBytes(bytes);
    return this;
  }

  PickleBytes number(long value) {
    return raw(0x8a, Long.BYTES).little(value, Long.BYTES);
  }

  PickleBytes global(String module, String name) {
    out.write('c');
    out.writeBytes((module + "\n" + name + "\n").getBytes(StandardCharsets.UTF_8));
    return this;
  }

  PickleBytes little(long value, int bytes) {
    byte[] all = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
    out.write(all, 0, bytes);
    return this;
  }

  /** {"weight": a tensor of a float storage "k"}. */
  static PickleBytes tensor(long elements, long offset, long size, long stride) {
    PickleBytes pickle = new PickleBytes().raw('}').text("weight");
    pickle.global("torch._utils", "_rebuild_tensor_v2").raw('(');
    pickle.raw('(').text("storage").global("torch", "FloatStorage").text("k").text("cpu");
    pickle.number(elements).raw('t', 'Q').number(offset);
    pickle.number(size).raw(0x85).number(stride).raw(0x85);
    return pickle.raw(0x89, '}', 't', 'R', 's', '.');
  }

  /** These bytes as they are. */
  static PickleBytes of(byte[] bytes) {
    PickleBytes pickle = new PickleBytes();
    pickle.out.reset();
    pickle.out.writeBytes(bytes);
    return pickle;
  }

  byte[] bytes() {
    return out.toByteArray();
  }

  /** A file in the format before 1.6 around the pickle, with one storage "k". */
  byte[] inOldFile(float... storage) {
    PickleBytes keys = new PickleBytes().raw(']').text("k").raw('a', '.');
    keys.little(storage.length, Long.BYTES);
    for (float value : storage) {
      keys.little(Float.floatToIntBits(value), Float.BYTES);
    }
    return inOldFileWithKeys(keys);
  }

  /**
   * @param keys the pickle that lists the storages, and what follows
   */
  byte[] inOldFileWithKeys(PickleBytes keys) {
    PickleBytes file = new PickleBytes();
    file.raw(0x8a, 10).raw(0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, '.');
    file.raw(0x80, 2, 'M', 0xe9, 3, '.');
    file.raw(0x80, 2, '}').text("little_endian").raw(0x88, 's', '.');
    file.out.writeBytes(bytes());
    file.out.writeBytes(keys.bytes());
    return file.bytes();
  }
}
