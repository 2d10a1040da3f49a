// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkEnv;
import org.bellows.worker.checkpoint.CheckpointStore;
import org.bellows.worker.checkpoint.WriteFence;
import org.bellows.worker.collective.Communicator;
import org.bellows.worker.device.DeviceErrors;
import org.bellows.worker.device.FailedDeviceException;
import org.bellows.worker.device.ProcessDevice;
import org.bellows.worker.train.TrainingPlan;

/** Does what one line of the schedule says. */
final class FaultInjector {
  private static final int HOG_BYTES = 16 << 20;

  private final FaultSchedule folder;
  private final Fault fault;

  FaultInjector(FaultSchedule folder, Fault fault) {
    this.folder = folder;
    this.fault = fault;
  }

  Fault.How how() {
    return fault.how();
  }

  /** On the thread that takes steps. */
  void inSegment(TrainingPlan plan, Communicator communicator) {
    switch (fault.how()) {
      case CUT -> SocketFaults.cut(communicator, fault.argument());
      case BLACKHOLE -> SocketFaults.blackhole(communicator, fault.argument());
      case TAKEOVER ->
          new CheckpointStore(new Configuration(), plan.outputPath())
              .begin(new WriteFence.Attempt("another-start", 1));
      case PROBE -> ResourceProbe.note(folder, communicator.rank());
      default -> anywhere();
    }
  }

  /** On whichever thread. */
  void anywhere() {
    switch (fault.how()) {
      case KILL, DAMAGE -> {
        signal("KILL");
        sleep();
      }
      case FREEZE -> signal("STOP");
      case TERM -> signal("TERM");
      case DECOMMISSION -> signal("PWR");
      case EXIT -> System.exit(1);
      case OOM -> hog();
      case EXCEPTION -> throw new IllegalStateException("an exception on purpose");
      case DEVICE -> throw deviceError("CUDA error: uncorrectable ECC error encountered\nadvice");
      case MEMORY -> throw deviceError("CUDA out of memory. Tried to allocate 2.00 GiB");
      case HANG -> sleep();
      case STUCK -> sleepForEver();
      default -> throw new IllegalArgumentException(fault + " cannot happen here");
    }
  }

  /**
   * As the engine torch passes on what PyTorch's calls throw on a GPU.
   *
   * @param text PyTorch's own
   */
  private static RuntimeException deviceError(String text) {
    RuntimeException known = DeviceErrors.translate(new RuntimeException(text), "cuda:0");
    if (known instanceof FailedDeviceException) {
      ProcessDevice.onFailed();
    }
    return known;
  }

  /** Of the driver this process is a child, or it is the driver itself. */
  private void signal(String name) {
    ProcessHandle self = ProcessHandle.current();
    boolean isDriver = SparkEnv.get().executorId().equals("driver");
    long process = fault.atDriver() && !isDriver ? self.parent().orElseThrow().pid() : self.pid();
    try {
      new ProcessBuilder("kill", "-" + name, Long.toString(process)).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @SuppressWarnings("ModifiedButNotUsed") // Memory is to be held, nothing else.
  private static void hog() {
    List<byte[]> all = new ArrayList<>();
    while (true) {
      all.add(new byte[HOG_BYTES]);
    }
  }

  private static void sleep() {
    try {
      TimeUnit.HOURS.sleep(1);
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted while it hung on purpose", e);
    }
  }

  private static void sleepForEver() {
    while (true) {
      try {
        TimeUnit.HOURS.sleep(1);
      } catch (InterruptedException e) {
        Thread.interrupted();
      }
    }
  }
}
