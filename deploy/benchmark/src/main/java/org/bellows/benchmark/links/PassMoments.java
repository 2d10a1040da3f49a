// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.links;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.bellows.worker.engine.GradientSums.VectorProgress;
import org.bellows.worker.engine.StepVector;

/** When how much of the gradient was final in a pass, in the order of the pass. */
final class PassMoments {
  /** An end of the gradient, and the seconds from the pass's begin until it was final. */
  private record Moment(int from, double seconds) {}

  private final List<Moment> moments = new ArrayList<>();
  private final LongSupplier nanoseconds;
  private final long begin;

  private PassMoments(LongSupplier nanoseconds) {
    this.nanoseconds = nanoseconds;
    this.begin = nanoseconds.getAsLong();
  }

  /** Of a pass that begins now, by the clock on the wall. */
  static PassMoments byTheWall() {
    return new PassMoments(System::nanoTime);
  }

  /**
   * Of a pass that begins now, by the processor time of this thread: the moments that it would have
   * if it never waited for a processor.
   */
  static PassMoments byTheProcessor() {
    return new PassMoments(ManagementFactory.getThreadMXBean()::getCurrentThreadCpuTime);
  }

  /** Takes down what it hears from now on, and passes it on. */
  VectorProgress noting(VectorProgress listener) {
    return (gradient, from) -> {
      moments.add(new Moment(from, (nanoseconds.getAsLong() - begin) * 1e-9));
      listener.isFinal(gradient, from);
    };
  }

  /** Seconds of the whole pass. */
  double seconds() {
    return moments.get(moments.size() - 1).seconds();
  }

  /**
   * Seconds from the moment at which the first gradients of the pass were final until its end: the
   * longest time for which the pass can hide that gradients are being sent.
   *
   * @param length of the gradient
   */
  double coverSeconds(int length) {
    return seconds()
        - moments.stream()
            .filter(moment -> moment.from() < length)
            .findFirst()
            .orElseThrow()
            .seconds();
  }

  /** The seconds of all moments. */
  float[] allSeconds() {
    float[] all = new float[moments.size()];
    for (int i = 0; i < all.length; i++) {
      all[i] = (float) moments.get(i).seconds();
    }
    return all;
  }

  /**
   * The same moments at other times.
   *
   * @param seconds of all moments
   */
  PassMoments at(float[] seconds, double factor) {
    PassMoments other = byTheWall();
    for (int i = 0; i < seconds.length; i++) {
      other.moments.add(new Moment(moments.get(i).from(), seconds[i] * factor));
    }
    return other;
  }

  /** Sleeps from moment to moment, and says at each what it was the moment of. */
  void replay(StepVector gradient, VectorProgress listener) {
    long start = System.nanoTime();
    for (Moment moment : moments) {
      long at = start + Math.round(moment.seconds() * 1e9);
      for (long left = at - System.nanoTime(); left > 0; left = at - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
      listener.isFinal(gradient, moment.from());
    }
  }
}
