// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.model.torch;

import java.math.BigInteger;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bellows.conf.BellowsException;
import org.bellows.worker.model.tensor.PrintableName;

/**
 * The part of Python's pickle protocol 2 (and of 4, where PyTorch can be told to use it) that state
 * dicts need. Values become {@link Long}, {@link BigInteger}, {@link Double}, {@link Boolean},
 * {@link String}, {@link List}, {@link Map}, {@link PickleTuple}, {@link PickleGlobal}, {@link
 * None} and what {@link TorchGlobals} makes. Nothing is executed, and nothing outside this package
 * is created.
 */
final class PickleReader {
  /** A state dict takes some 40 for each array. */
  private static final int MOST_VALUES = 4_000_000;

  private static final Object MARK = new Object();

  /** Python's None. */
  enum None {
    NONE
  }

  private final ByteBuffer in;
  private final String where;
  private final TorchGlobals globals;
  private final List<Object> stack = new ArrayList<>();
  private final Map<Long, Object> memo = new HashMap<>();
  private int values;

  /**
   * @param in at the pickle's first byte; afterwards after its last
   * @param where names the pickle in messages
   */
  PickleReader(ByteBuffer in, String where, TorchGlobals globals) {
    this.in = in.order(ByteOrder.LITTLE_ENDIAN);
    this.where = where;
    this.globals = globals;
  }

  /**
   * Reads one pickle.
   *
   * @throws BellowsException (data) saying what is wrong with it
   */
  Object read() {
    try {
      while (true) {
        int position = in.position();
        int opcode = in.get() & 0xff;
        if (opcode == '.') {
          return onlyValue();
        }
        if (!value(opcode) && !structure(opcode)) {
          throw refused("instruction 0x%02x at byte %d is not allowed".formatted(opcode, position));
        }
      }
    } catch (BufferUnderflowException e) {
      throw BellowsException.data(where + " is cut off inside its pickle", e);
    }
  }

  private Object onlyValue() {
    if (stack.size() != 1 || stack.get(0) == MARK) {
      throw refused("its pickle ends with %d values, expected 1".formatted(stack.size()));
    }
    return stack.get(0);
  }

  /** Instructions that push a value from the pickle itself. */
  private boolean value(int opcode) {
    switch (opcode) {
      case 'N' -> push(None.NONE);
      case 0x88 -> push(true);
      case 0x89 -> push(false);
      case 'K' -> push((long) (in.get() & 0xff));
      case 'M' -> push((long) (in.getShort() & 0xffff));
      case 'J' -> push((long) in.getInt());
      case 0x8a -> push(integer());
      case 'G' -> push(bigEndianDouble());
      case 'X' -> push(text(in.getInt(), StandardCharsets.UTF_8));
      case 0x8c -> push(text(in.get() & 0xff, StandardCharsets.UTF_8));
      // Texts of Python 2.
      case 'T' -> push(text(in.getInt(), StandardCharsets.ISO_8859_1));
      case 'U' -> push(text(in.get() & 0xff, StandardCharsets.ISO_8859_1));
      case '}' -> push(new LinkedHashMap<Object, Object>());
      case ']' -> push(new ArrayList<Object>());
      case ')' -> push(new PickleTuple(List.of()));
      case '(' -> push(MARK);
      case 'c' -> push(globals.allowed(line(), line()));
      default -> {
        return false;
      }
    }
    return true;
  }

  /** Instructions that work on what was pushed. */
  private boolean structure(int opcode) {
    switch (opcode) {
      case 0x80 -> protocol();
      case 0x95 -> in.getLong();
      case 'q' -> remember(in.get() & 0xff);
      case 'r' -> remember(in.getInt() & 0xffffffffL);
      case 0x94 -> remember(memo.size());
      case 'h' -> push(remembered(in.get() & 0xff));
      case 'j' -> push(remembered(in.getInt() & 0xffffffffL));
      case 't' -> push(new PickleTuple(sinceMark()));
      case 0x85 -> push(tuple(1));
      case 0x86 -> push(tuple(2));
      case 0x87 -> push(tuple(3));
      case 'a' -> append(List.of(pop()));
      case 'e' -> append(sinceMark());
      case 's' -> setItems(tuple(2).items());
      case 'u' -> setItems(sinceMark());
      case 0x93 -> stackGlobal();
      case 'R' -> reduce();
      case 'Q' -> push(globals.storage(pop(PickleTuple.class)));
      case 'b' -> build();
      default -> {
        return false;
      }
    }
    return true;
  }

  private void protocol() {
    int version = in.get();
    if (version < 2 || version > 4) {
      throw refused("its pickle has protocol %d, expected 2 to 4".formatted(version));
    }
  }

  private void push(Object value) {
    count(1);
    stack.add(value);
  }

  /** The number of kept values, and of steps: a list that is recalled may be walked again. */
  private void count(int more) {
    values += more;
    if (values > MOST_VALUES) {
      throw refused("its pickle has more than %,d values".formatted(MOST_VALUES));
    }
  }

  private Object pop() {
    Object value = top();
    stack.remove(stack.size() - 1);
    return value;
  }

  private Object top() {
    if (stack.isEmpty() || stack.get(stack.size() - 1) == MARK) {
      throw refused(
          "its pickle takes a value at byte %d that is not there".formatted(in.position()));
    }
    return stack.get(stack.size() - 1);
  }

  private <T> T pop(Class<T> type) {
    Object value = pop();
    if (!type.isInstance(value)) {
      throw refused(
          "its pickle has a %s at byte %d, expected a %s"
              .formatted(value.getClass().getSimpleName(), in.position(), type.getSimpleName()));
    }
    return type.cast(value);
  }

  private PickleTuple tuple(int size) {
    Object[] items = new Object[size];
    for (int i = size - 1; i >= 0; i--) {
      items[i] = pop();
    }
    return new PickleTuple(List.of(items));
  }

  private List<Object> sinceMark() {
    int mark = stack.lastIndexOf(MARK);
    if (mark < 0) {
      throw refused("its pickle ends a group at byte %d that never began".formatted(in.position()));
    }
    List<Object> tail = stack.subList(mark, stack.size());
    List<Object> items = List.copyOf(tail.subList(1, tail.size()));
    tail.clear();
    return items;
  }

  private void remember(long index) {
    count(1);
    memo.put(index, top());
  }

  private Object remembered(long index) {
    Object value = memo.get(index);
    if (value == null) {
      throw refused("its pickle recalls value %d that it never kept".formatted(index));
    }
    return value;
  }

  /** Lists hold nothing that is needed, but what is in them must be well formed. */
  private void append(List<Object> items) {
    Object target = top();
    if (!(target instanceof List<?> list)) {
      throw refused("its pickle appends to something that is no list");
    }
    cast(list).addAll(items);
  }

  private void setItems(List<Object> items) {
    Object target = top();
    if (!(target instanceof Map<?, ?> map) || items.size() % 2 != 0) {
      throw refused("its pickle sets items of something that is no dictionary");
    }
    for (int i = 0; i < items.size(); i += 2) {
      Object key = items.get(i);
      boolean plain = key instanceof String || key instanceof Long || key instanceof None;
      if (!plain) {
        // Others could hold themselves and have no end.
        throw refused("a dictionary has a " + key.getClass().getSimpleName() + " for a key");
      }
      castMap(map).put(key, items.get(i + 1));
    }
  }

  @SuppressWarnings("unchecked")
  private static List<Object> cast(List<?> list) {
    return (List<Object>) list;
  }

  @SuppressWarnings("unchecked")
  private static Map<Object, Object> castMap(Map<?, ?> map) {
    return (Map<Object, Object>) map;
  }

  private void stackGlobal() {
    String name = pop(String.class);
    push(globals.allowed(pop(String.class), name));
  }

  private void reduce() {
    PickleTuple arguments = pop(PickleTuple.class);
    for (Object argument : arguments.items()) {
      if (argument instanceof List<?> list) {
        count(list.size());
      } else if (argument instanceof PickleTuple tuple) {
        count(tuple.size());
      }
    }
    push(globals.call(pop(PickleGlobal.class), arguments));
  }

  /** Attributes of a dictionary (PyTorch's _metadata) say nothing about its arrays. */
  private void build() {
    pop();
    if (!(top() instanceof Map<?, ?>)) {
      throw refused("its pickle sets attributes of something that is no dictionary");
    }
  }

  private Object integer() {
    int length = in.get() & 0xff;
    byte[] littleEndian = bytes(length);
    byte[] bigEndian = new byte[Math.max(1, length)];
    for (int i = 0; i < length; i++) {
      bigEndian[length - 1 - i] = littleEndian[i];
    }
    BigInteger value = new BigInteger(bigEndian);
    return value.bitLength() < Long.SIZE ? (Object) value.longValue() : value;
  }

  private double bigEndianDouble() {
    return Double.longBitsToDouble(Long.reverseBytes(in.getLong()));
  }

  private String text(int length, Charset charset) {
    return new String(bytes(length), charset);
  }

  private byte[] bytes(int length) {
    if (length < 0 || length > in.remaining()) {
      throw refused(
          "its pickle has a text of %d bytes at byte %d, %d are left"
              .formatted(length & 0xffffffffL, in.position(), in.remaining()));
    }
    byte[] bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }

  private String line() {
    int start = in.position();
    while (in.get() != '\n') {
      // To the end of the line.
    }
    byte[] bytes = new byte[in.position() - start - 1];
    in.get(start, bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private BellowsException refused(String why) {
    return BellowsException.data(where + " is refused: " + PrintableName.name(why));
  }
}
