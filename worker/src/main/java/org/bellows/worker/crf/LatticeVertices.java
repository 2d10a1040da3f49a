// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.crf;

import java.util.Arrays;

/**
 * The vertices that points touch, numbered from 1 in the order in which they come; a hash table
 * with open addresses. Of a vertex's d + 1 coordinates the last follows from the others.
 */
final class LatticeVertices {
  private static final int FIRST_SLOTS = 1 << 12;

  private final int dimensions;
  private int[] keys;
  private int[] slots = new int[FIRST_SLOTS];
  private int count;

  LatticeVertices(int dimensions) {
    this.dimensions = dimensions;
    this.keys = new int[dimensions * FIRST_SLOTS / 2];
  }

  int count() {
    return count;
  }

  /**
   * @param vertex from 1
   */
  int coordinate(int vertex, int dimension) {
    return keys[(vertex - 1) * dimensions + dimension];
  }

  /** The vertex's number, new if it was not there. */
  int add(int[] key) {
    int slot = slot(key);
    if (slots[slot] != 0) {
      return slots[slot];
    }
    if (2 * (count + 1) > slots.length) {
      grow();
      slot = slot(key);
    }
    System.arraycopy(key, 0, keys, count * dimensions, dimensions);
    slots[slot] = ++count;
    return count;
  }

  /** The vertex's number; 0 where it is not there. */
  int find(int[] key) {
    return slots[slot(key)];
  }

  private int slot(int[] key) {
    int slot = hash(key, 0) & slots.length - 1;
    while (slots[slot] != 0 && !isEqual(slots[slot], key)) {
      slot = slot + 1 & slots.length - 1;
    }
    return slot;
  }

  private boolean isEqual(int vertex, int[] key) {
    int at = (vertex - 1) * dimensions;
    return Arrays.equals(keys, at, at + dimensions, key, 0, dimensions);
  }

  private int hash(int[] from, int at) {
    int hash = 0;
    for (int i = 0; i < dimensions; i++) {
      hash = (hash + from[at + i]) * 0x9E3779B1;
      hash ^= hash >>> 15;
    }
    return hash;
  }

  private void grow() {
    keys = Arrays.copyOf(keys, Math.multiplyExact(2, keys.length));
    int[] larger = new int[Math.multiplyExact(2, slots.length)];
    for (int vertex = 1; vertex <= count; vertex++) {
      int slot = hash(keys, (vertex - 1) * dimensions) & larger.length - 1;
      while (larger[slot] != 0) {
        slot = slot + 1 & larger.length - 1;
      }
      larger[slot] = vertex;
    }
    slots = larger;
  }
}
