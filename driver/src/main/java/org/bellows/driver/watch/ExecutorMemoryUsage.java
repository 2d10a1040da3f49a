package org.bellows.driver.watch;

import java.io.Serializable;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import org.bytedeco.javacpp.Pointer;

/**
 * What an executor's memory holds at a moment, in bytes.
 *
 * @param executor Spark's name of it
 * @param heap in use
 * @param heapLimit what the heap may grow to
 * @param offHeap native arrays that JavaCPP knows of
 * @param resident what the whole process takes of the machine's memory, the heap included
 */
public record ExecutorMemoryUsage(
    String executor, String host, long heap, long heapLimit, long offHeap, long resident)
    implements Serializable {

  /** Of this process, now. */
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
