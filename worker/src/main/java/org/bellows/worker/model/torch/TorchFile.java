// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.model.torch;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bellows.conf.BellowsException;
import org.bellows.worker.model.tensor.ByteSlice;
import org.bellows.worker.model.tensor.PrintableName;
import org.bellows.worker.model.tensor.TensorFile;

/** Files of {@code torch.save}: both formats. */
public final class TorchFile {
  /** 0x1950a86a20f9469cfc6c, the first pickle of the older format. */
  private static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);

  private static final long OLD_VERSION = 1001;
  private static final byte[] OLD_START = {
    (byte) 0x80, 2, (byte) 0x8a, 10, 0x6c, (byte) 0xfc, (byte) 0x9c, 0x46, (byte) 0xf9
  };

  /** Enough for the names of thousands of arrays; a longer pickle is no state dict. */
  private static final int MOST_PICKLE_BYTES = 16 << 20;

  private TorchFile() {}

  /**
   * Whether the file begins like one of {@code torch.save}'s; the older format has its own start.
   */
  public static boolean recognises(byte[] content) {
    return isArchive(content) || isOld(content);
  }

  private static boolean isArchive(byte[] content) {
    return content.length >= Integer.BYTES
        && ByteSlice.of(content).buffer().getInt(0) == TorchArchive.LOCAL_HEADER;
  }

  private static boolean isOld(byte[] content) {
    return content.length > OLD_START.length
        && Arrays.equals(content, 0, OLD_START.length, OLD_START, 0, OLD_START.length);
  }

  /**
   * @param where names the file in messages
   * @throws BellowsException (data) in one sentence when it is damaged, or anything but arrays
   */
  public static TensorFile read(byte[] content, String where) {
    return isArchive(content) ? archive(content, where) : old(content, where);
  }

  private static TensorFile archive(byte[] content, String where) {
    Map<String, ByteSlice> entries = TorchArchive.entries(content, where);
    ByteSlice pickle = entries.get("data.pkl");
    if (pickle == null) {
      throw BellowsException.data(
          where + " is a zip archive, but no checkpoint: it has no data.pkl");
    }
    ByteSlice order = entries.get("byteorder");
    if (order != null && !text(order).equals("little")) {
      throw BellowsException.data(where + " is refused: it was written on a big-endian machine");
    }
    requireSmall(pickle.length(), where);
    TorchGlobals globals = new TorchGlobals(where);
    ByteBuffer in = pickle.buffer();
    Object root = new PickleReader(in, where, globals).read();
    Map<String, ByteSlice> bytes = new HashMap<>();
    for (TorchStorage storage : globals.storages().values()) {
      ByteSlice slice = entries.get("data/" + storage.key());
      long actual = slice == null ? -1 : slice.length();
      if (actual != storage.bytes()) {
        throw storageRefused(where, storage, actual);
      }
      bytes.put(storage.key(), slice);
    }
    return new TensorFile("PyTorch zip", StateDict.of(root, bytes, where), Map.of());
  }

  private static BellowsException storageRefused(String where, TorchStorage storage, long actual) {
    String is = actual < 0 ? "is not there" : "has %d bytes".formatted(actual);
    return BellowsException.data(
        "%s is refused: storage %s %s, expected %d bytes"
            .formatted(where, PrintableName.name(storage.key()), is, storage.bytes()));
  }

  private static void requireSmall(int length, String where) {
    if (length > MOST_PICKLE_BYTES) {
      throw BellowsException.data(
          "%s is refused: its pickle has %d bytes, at most %d are expected"
              .formatted(where, length, MOST_PICKLE_BYTES));
    }
  }

  private static String text(ByteSlice slice) {
    return new String(slice.file(), slice.from(), slice.length(), StandardCharsets.US_ASCII);
  }

  /**
   * Five pickles (magic number, version, the writer's machine, the object, keys of the storages in
   * order), then for each key its number of elements in 64 bits and the elements.
   */
  private static TensorFile old(byte[] content, String where) {
    ByteBuffer in = ByteSlice.of(content).buffer();
    TorchGlobals globals = new TorchGlobals(where);
    if (!MAGIC.equals(next(in, where, globals))
        || !Long.valueOf(OLD_VERSION).equals(next(in, where, globals))) {
      throw BellowsException.data(where + " is no checkpoint of PyTorch that is known here");
    }
    if (!(next(in, where, globals) instanceof Map<?, ?> machine)
        || !Boolean.TRUE.equals(machine.get("little_endian"))) {
      throw BellowsException.data(where + " is refused: it was written on a big-endian machine");
    }
    Object root = next(in, where, globals);
    Object keys = next(in, where, globals);
    // Names only: looking up a list that holds others, or itself, could take for ever.
    if (!(keys instanceof List<?> list)
        || !list.stream().allMatch(String.class::isInstance)
        || !globals.storages().keySet().containsAll(list)) {
      throw BellowsException.data(where + " is refused: it lists storages that no array has");
    }
    Map<String, ByteSlice> bytes = storages(content, in, list, globals, where);
    return new TensorFile("PyTorch before 1.6", StateDict.of(root, bytes, where), Map.of());
  }

  private static Map<String, ByteSlice> storages(
      byte[] content, ByteBuffer in, List<?> keys, TorchGlobals globals, String where) {
    Map<String, ByteSlice> bytes = new HashMap<>();
    for (Object key : keys) {
      TorchStorage storage = globals.storages().get(key);
      long elements = in.remaining() < Long.BYTES ? -1 : in.getLong();
      if (elements != storage.elements() || storage.bytes() > in.remaining()) {
        throw storageRefused(where, storage, in.remaining());
      }
      bytes.put(storage.key(), new ByteSlice(content, in.position(), (int) storage.bytes()));
      in.position(in.position() + (int) storage.bytes());
    }
    if (in.hasRemaining()) {
      throw BellowsException.data(
          "%s is refused: %d bytes follow its last storage".formatted(where, in.remaining()));
    }
    return bytes;
  }

  /** Each pickle leaves the buffer after its last byte, and may take no more than it is allowed. */
  private static Object next(ByteBuffer in, String where, TorchGlobals globals) {
    int start = in.position();
    boolean isCut = in.remaining() > MOST_PICKLE_BYTES;
    ByteBuffer pickle = in.duplicate();
    if (isCut) {
      pickle.limit(start + MOST_PICKLE_BYTES);
    }
    Object value;
    try {
      value = new PickleReader(pickle, where, globals).read();
    } catch (BellowsException e) {
      if (isCut && !pickle.hasRemaining()) {
        throw BellowsException.data(
            "%s is refused: its pickle has more than %d bytes".formatted(where, MOST_PICKLE_BYTES),
            e);
      }
      throw e;
    }
    in.position(pickle.position());
    return value;
  }
}
