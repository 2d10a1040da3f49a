// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.collective;

import java.util.List;
import java.util.function.IntConsumer;

/**
 * length floats of an array, from an index on: what is sent, or where what comes is put.
 *
 * @param arrived called by the thread that exchanges, with the number of them that are in place so
 *     far
 */
public record BufferRegion(float[] array, int from, int length, IntConsumer arrived) {

  public BufferRegion(float[] array, int from, int length) {
    this(array, from, length, count -> {});
  }

  public static int floats(List<BufferRegion> regions) {
    int floats = 0;
    for (BufferRegion region : regions) {
      floats += region.length();
    }
    return floats;
  }
}
