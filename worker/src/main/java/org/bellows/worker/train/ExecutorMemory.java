package org.bellows.worker.train;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What an executor needs to train, in bytes: of the rank that needs most, when it needs most.
 *
 * @param heap Java's arrays by what they are for, in the order of telling
 * @param offHeap likewise outside of Java's heap
 */
public record ExecutorMemory(Map<String, Long> heap, Map<String, Long> offHeap) {
  public ExecutorMemory {
    heap = Collections.unmodifiableMap(new LinkedHashMap<>(heap));
    offHeap = Collections.unmodifiableMap(new LinkedHashMap<>(offHeap));
  }

  /** What {@code spark.executor.memory} must be at least. */
  public long heapBytes() {
    return sum(heap);
  }

  /** What {@code spark.executor.memoryOverhead} must be at least. */
  public long offHeapBytes() {
    return sum(offHeap);
  }

  /** What {@code org.bytedeco.javacpp.maxbytes} must be at least: the networks' arrays. */
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
