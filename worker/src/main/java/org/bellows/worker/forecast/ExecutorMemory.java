// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.forecast;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The memory that an executor needs to train, in bytes: the peak of the rank that needs most.
 *
 * @param heap Java's arrays by what they are for, in the order of telling
 * @param offHeap likewise outside of Java's heap
 * @param device likewise in the memory of its GPU; empty where processors compute
 */
public record ExecutorMemory(
    Map<String, Long> heap, Map<String, Long> offHeap, Map<String, Long> device) {
  public ExecutorMemory {
    device = Collections.unmodifiableMap(new LinkedHashMap<>(device));
    heap = Collections.unmodifiableMap(new LinkedHashMap<>(heap));
    offHeap = Collections.unmodifiableMap(new LinkedHashMap<>(offHeap));
  }

  /** The least {@code spark.executor.memory}. */
  public long heapBytes() {
    return sum(heap);
  }

  /** The least {@code spark.executor.memoryOverhead}. */
  public long offHeapBytes() {
    return sum(offHeap);
  }

  /** Of the memory of its GPU. */
  public long deviceBytes() {
    return sum(device);
  }

  /** The least {@code org.bytedeco.javacpp.maxbytes}: the networks' arrays. */
  public long arrayBytes() {
    return offHeapBytes()
        - offHeap.get(MemoryForecast.CONNECTIONS)
        - offHeap.get(MemoryForecast.DECODING)
        - offHeap.get(MemoryForecast.LIBRARIES);
  }

  private static long sum(Map<String, Long> parts) {
    return parts.values().stream().mapToLong(Long::longValue).sum();
  }
}
