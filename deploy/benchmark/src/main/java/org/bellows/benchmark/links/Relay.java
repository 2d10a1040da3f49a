// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.links;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * One direction of a cable: takes frames from one device, keeps each for a time, and gives it to
 * another, in order. One thread reads, another one writes. netem, which does the same, is not in
 * every kernel.
 */
final class Relay {
  /** A power of two: what fits on a cable of 1 Gbit/s and 10 ms, and as many acknowledgements. */
  private static final int FRAMES = 1024;

  private static final long FULL_NANOSECONDS = 20_000;

  private final TapDevice from;
  private final TapDevice to;
  private final SplittableRandom random;
  private final long memory = Native.malloc((long) FRAMES * HostNetwork.FRAME_BYTES);
  private final int[] bytes = new int[FRAMES];
  private final long[] due = new long[FRAMES];
  private final Thread writer;
  private volatile long delayNanoseconds;
  private volatile double loss;

  /** Frames read, and written, so far. */
  private volatile long taken;

  private volatile long given;
  private volatile boolean isOver;

  /**
   * @param seed of the frames that are lost
   */
  Relay(String name, TapDevice from, TapDevice to, long seed) {
    this.from = from;
    this.to = to;
    this.random = new SplittableRandom(seed);
    this.writer = daemon(name + "-out", this::write);
    daemon(name + "-in", this::read).start();
    writer.start();
  }

  private static Thread daemon(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }

  /**
   * From now on.
   *
   * @param loss share of the frames, from 0 to 1; with 1 the cable is cut
   */
  void set(double delayMilliseconds, double loss) {
    this.delayNanoseconds = Math.round(delayMilliseconds * 1e6);
    this.loss = loss;
  }

  private long address(int place) {
    return memory + (long) place * HostNetwork.FRAME_BYTES;
  }

  private void read() {
    try {
      for (long count = 0; ; ) {
        // The device keeps the frames that come meanwhile, and drops those that are too many.
        while (count - given == FRAMES) {
          LockSupport.parkNanos(this, FULL_NANOSECONDS);
        }
        int place = (int) (count & (FRAMES - 1));
        bytes[place] = from.read(address(place), HostNetwork.FRAME_BYTES);
        due[place] = System.nanoTime() + delayNanoseconds;
        if (random.nextDouble() >= loss) {
          count++;
          taken = count;
          LockSupport.unpark(writer);
        }
      }
    } catch (LastErrorException e) {
      // The device is gone: the links are taken down.
      isOver = true;
      LockSupport.unpark(writer);
    }
  }

  private void write() {
    for (long count = 0; !isOver; ) {
      if (taken == count) {
        LockSupport.park(this);
        continue;
      }
      int place = (int) (count & (FRAMES - 1));
      long left = due[place] - System.nanoTime();
      if (left > 0) {
        LockSupport.parkNanos(this, left);
        continue;
      }
      to.write(address(place), bytes[place]);
      count++;
      given = count;
    }
  }
}
