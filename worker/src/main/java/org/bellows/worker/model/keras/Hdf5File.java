// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.model.keras;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bellows.conf.BellowsException;
import org.bellows.worker.model.tensor.ByteSlice;
import org.bellows.worker.model.tensor.ElementType;
import org.bellows.worker.model.tensor.PrintableName;
import org.bellows.worker.model.tensor.StoredTensor;

/**
 * The part of HDF5 that h5py writes by default ("HDF5 File Format Specification" 3.0): superblock
 * version 0, groups as B-trees of symbol tables (III.A.1, III.B), object headers version 1
 * (IV.A.1), arrays of numbers in one piece (IV.A.2.i). Chunks, filters and later versions are
 * refused.
 */
final class Hdf5File {
  private static final byte[] SIGNATURE = {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};
  private static final int ROOT_HEADER = 64;
  private static final int ADDRESS_SIZES = 13;
  private static final int SYMBOL_BYTES = 40;
  private static final int MOST_DEPTH = 8;

  /** Objects and nodes; a network has some thousands. */
  private static final int MOST_VISITS = 50_000;

  private static final int LONGEST_NAME = 256;

  private static final int DATASPACE = 0x01;
  private static final int DATATYPE = 0x03;
  private static final int LAYOUT = 0x08;
  private static final int CONTINUATION = 0x10;
  private static final int SYMBOL_TABLE = 0x11;

  private final ByteSlice content;
  private final ByteBuffer file;
  private final String where;
  private final Map<String, StoredTensor> arrays = new LinkedHashMap<>();
  private int visits;

  /** The properties in an object's header; null for those that are missing. */
  private static final class Header {
    private long[] shape;
    private ElementType type;
    private ByteSlice data;
    private boolean dataset;
    private int tree;
    private int heap;
    private boolean group;

    /** Stretches of messages that are still to be read: where they begin, how long they are. */
    private final Deque<int[]> blocks = new ArrayDeque<>();
  }

  private Hdf5File(byte[] content, String where) {
    this.content = ByteSlice.of(content);
    this.file = this.content.buffer();
    this.where = where;
  }

  static boolean recognises(byte[] content) {
    return content.length > SIGNATURE.length
        && Arrays.equals(content, 0, SIGNATURE.length, SIGNATURE, 0, SIGNATURE.length);
  }

  /**
   * All arrays of floats by path, "group/group/name".
   *
   * @throws BellowsException (data) in one sentence
   */
  static Map<String, StoredTensor> arrays(byte[] content, String where) {
    Hdf5File file = new Hdf5File(content, where);
    try {
      file.readAll();
    } catch (IndexOutOfBoundsException | ArithmeticException e) {
      throw BellowsException.data(where + " is refused: an address leads outside the file", e);
    }
    return file.arrays;
  }

  private void readAll() {
    int version = file.get(SIGNATURE.length);
    boolean wide = file.get(ADDRESS_SIZES) == Long.BYTES && file.get(ADDRESS_SIZES + 1) == 8;
    if (version != 0 || !wide) {
      throw refused("it has HDF5's superblock version %d, expected 0".formatted(version));
    }
    object("", address(ROOT_HEADER), 0);
  }

  private void object(String path, int at, int depth) {
    if (depth > MOST_DEPTH) {
      throw refused("its groups go deeper than " + MOST_DEPTH);
    }
    visit();
    Header header = new Header();
    if (file.get(at) != 1) {
      throw refused("object %s has no header of version 1".formatted(PrintableName.name(path)));
    }
    header.blocks.add(new int[] {at + 16, unsigned(at + 8)});
    while (!header.blocks.isEmpty()) {
      int[] block = header.blocks.remove();
      messages(header, path, block[0], block[1]);
    }
    if (header.group) {
      tree(path, header.tree, header.heap, depth, Integer.MAX_VALUE);
    } else if (header.dataset && header.type != null) {
      arrays.put(path, array(path, header));
    }
  }

  private void visit() {
    if (++visits > MOST_VISITS) {
      throw refused("it has more than " + MOST_VISITS + " objects, or leads in a circle");
    }
  }

  private void messages(Header header, String path, int from, int bytes) {
    int at = from;
    int end = Math.addExact(from, bytes);
    while (at + 8 <= end) {
      visit();
      int type = file.getShort(at) & 0xffff;
      int size = file.getShort(at + 2) & 0xffff;
      message(header, path, type, content.part(at + 8, size));
      at += 8 + size;
    }
  }

  private void message(Header header, String path, int type, ByteSlice slice) {
    ByteBuffer in = slice.buffer();
    switch (type) {
      case DATASPACE -> header.shape = shape(in);
      case DATATYPE -> header.type = type(in);
      case LAYOUT -> layout(header, path, in);
      case CONTINUATION ->
          header.blocks.add(new int[] {address(in.getLong(0)), length(in.getLong(8))});
      case SYMBOL_TABLE -> {
        header.group = true;
        header.tree = address(in.getLong(0));
        header.heap = address(in.getLong(8));
      }
      default -> {
        // Attributes, times, fill values: nothing that an array needs.
      }
    }
  }

  private long[] shape(ByteBuffer in) {
    int start = in.get(0) == 1 ? 8 : 4;
    long[] shape = new long[in.get(1) & 0xff];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = in.getLong(start + Long.BYTES * i);
    }
    return shape;
  }

  /** Little-endian IEEE numbers; null: something else, which is passed over. */
  private static ElementType type(ByteBuffer in) {
    boolean floating = (in.get(0) & 0xf) == 1;
    boolean little = (in.get(1) & 1) == 0;
    if (!floating || !little) {
      return null;
    }
    return switch (in.getInt(4)) {
      case 2 -> ElementType.FLOAT16;
      case 4 -> ElementType.FLOAT32;
      case 8 -> ElementType.FLOAT64;
      default -> null;
    };
  }

  private void layout(Header header, String path, ByteBuffer in) {
    header.dataset = true;
    if (in.get(0) != 3 || in.get(1) != 1) {
      throw refused(
          "array %s is compressed or in chunks, expected one piece"
              .formatted(PrintableName.name(path)));
    }
    long address = in.getLong(2);
    long bytes = in.getLong(10);
    // An array without elements has no place.
    header.data =
        address == -1 ? content.part(0, 0) : content.part(address(address), length(bytes));
  }

  private StoredTensor array(String path, Header header) {
    if (header.shape == null) {
      throw refused("array %s has no shape".formatted(PrintableName.name(path)));
    }
    try {
      return StoredTensor.dense(PrintableName.name(path), header.type, header.shape, header.data);
    } catch (IllegalArgumentException e) {
      throw BellowsException.data(
          "%s is refused: array %s %s".formatted(where, PrintableName.name(path), e.getMessage()),
          e);
    }
  }

  /** Nodes of a level lead to nodes of the level below, those of level 0 to symbol tables. */
  private void tree(String path, int at, int heap, int depth, int above) {
    visit();
    int level = file.get(at + 5) & 0xff;
    if (!signed(at, "TREE") || file.get(at + 4) != 0 || level >= above) {
      throw refused("the group %s is damaged".formatted(PrintableName.name(path)));
    }
    int children = file.getShort(at + 6) & 0xffff;
    for (int i = 0; i < children; i++) {
      int child = address(at + 32 + 16 * i);
      if (level > 0) {
        tree(path, child, heap, depth, level);
      } else {
        symbols(path, child, heap, depth);
      }
    }
  }

  private void symbols(String path, int at, int heap, int depth) {
    if (!signed(at, "SNOD") || !signed(heap, "HEAP")) {
      throw refused("the group %s is damaged".formatted(PrintableName.name(path)));
    }
    int names = address(heap + 24);
    int count = file.getShort(at + 6) & 0xffff;
    for (int i = 0; i < count; i++) {
      int symbol = at + 8 + SYMBOL_BYTES * i;
      String name = name(Math.addExact(names, address(symbol)));
      object(path.isEmpty() ? name : path + "/" + name, address(symbol + 8), depth + 1);
    }
  }

  private boolean signed(int at, String signature) {
    byte[] bytes = new byte[signature.length()];
    file.get(at, bytes);
    return new String(bytes, StandardCharsets.US_ASCII).equals(signature);
  }

  private String name(int from) {
    int end = from;
    while (file.get(end) != 0) {
      end++;
      if (end - from > LONGEST_NAME) {
        throw refused("a name has more than %d bytes".formatted(LONGEST_NAME));
      }
    }
    byte[] bytes = new byte[end - from];
    file.get(from, bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** The address that is stored at a position. */
  private int address(int at) {
    return address(file.getLong(at));
  }

  private int address(long address) {
    if (address < 0 || address > content.length()) {
      throw new IndexOutOfBoundsException("address " + address);
    }
    return (int) address;
  }

  private int length(long bytes) {
    return address(bytes);
  }

  private int unsigned(int at) {
    return address(file.getInt(at) & 0xffffffffL);
  }

  private BellowsException refused(String why) {
    return BellowsException.data(where + " is refused: " + why);
  }
}
