// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.watch;

import java.io.Serializable;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import org.bytedeco.javacpp.Pointer;

/**
 * An executor's memory at a moment, in bytes.
 *
 * @param executor Spark's name of it
 * @param heap in use
 * @param heapLimit the limit of the heap
 * @param offHeap native arrays that JavaCPP knows of
 * @param resident the resident memory of the whole process, the heap included
 */
public record ExecutorMemoryUsage(
    String executor, String host, long heap, long heapLimit, long offHeap, long resident)
    implements Serializable {

  /** The reading of this process, now. */
  public static ExecutorMemoryUsage of(String executor, String host) {
    MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    return new ExecutorMemoryUsage(
        executor,
        host,
        heap.getUsed(),
        heap.getMax(),
        Pointer.totalBytes(),
        Pointer.physicalBytes());
  }
}
