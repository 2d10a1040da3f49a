// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.device;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The GPU that engines of this process compute on. An executor has one; CUDA keeps memory and
 * libraries on each device that a process has touched, so another one is never taken later.
 */
public final class ProcessDevice {
  private static final AtomicReference<Gpu> CHOSEN = new AtomicReference<>();

  private ProcessDevice() {}

  /**
   * @throws UnusableDeviceException when this process has another one already
   */
  public static void use(Gpu device) {
    Gpu before = CHOSEN.compareAndExchange(null, device);
    if (before != null && !before.uuid().equals(device.uuid())) {
      throw new UnusableDeviceException(
          "this process computes on %s and cannot change to %s; a new executor can"
              .formatted(before, device),
          null);
    }
  }

  /** Empty where none was given to this process. */
  public static Optional<Gpu> current() {
    return Optional.ofNullable(CHOSEN.get());
  }
}
