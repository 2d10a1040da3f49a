// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.device;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.bellows.conf.BellowsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A device that this process alone of its host and user computes on, as long as the claim is open:
 * a lock on a file, which goes with the process.
 */
public final class DeviceClaim implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DeviceClaim.class);

  private final Gpu device;
  private final FileChannel channel;

  private DeviceClaim(Gpu device, FileChannel channel) {
    this.device = device;
    this.channel = channel;
  }

  /**
   * @param folder that all executors of the host share
   * @throws UnusableDeviceException when another process has it
   */
  public static DeviceClaim of(Gpu device, Path folder) {
    Path file = folder.resolve("bellows-" + device.uuid() + ".lock");
    try {
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!isLocked(channel)) {
        channel.close();
        throw new UnusableDeviceException(
            "%s was given to two processes of this host: another one holds %s; each needs a device of its own (spark.executor.resource.gpu.amount=1, and a discovery script that lists each device once)"
                .formatted(device, file),
            null);
      }
      LOG.info("computing on {}", device);
      return new DeviceClaim(device, channel);
    } catch (IOException e) {
      throw BellowsException.infrastructure(
          "cannot lock " + file + " for " + device + ": " + e.getMessage(), e);
    }
  }

  /** The lock is held as long as the channel is open. */
  private static boolean isLocked(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  public Gpu device() {
    return device;
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      LOG.warn("cannot give {} back: {}", device, e.getMessage());
    }
  }
}
