// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.device;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A device that this process alone of its host and user computes on: a lock on a file, which goes
 * with the process. Other users' processes lock other files.
 *
 * @param lock is held as long as this is reachable
 */
record DeviceClaim(Gpu device, FileLock lock) {
  private static final Logger LOG = LoggerFactory.getLogger(DeviceClaim.class);

  /**
   * @param folder that all executors of the host share
   * @throws UnusableDeviceException when another process has it, or the file cannot be locked
   */
  static DeviceClaim of(Gpu device, Path folder) {
    String name = "bellows-%s-%s.lock".formatted(System.getProperty("user.name"), device.uuid());
    Path file = folder.resolve(name);
    try {
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = tryLock(channel);
      if (lock == null) {
        channel.close();
        throw new UnusableDeviceException(
            "%s was given to two processes of this host: another one holds %s; each needs a device of its own (spark.executor.resource.gpu.amount=1, and a discovery script that lists each device once)"
                .formatted(device, file),
            null);
      }
      LOG.info("computing on {}", device);
      return new DeviceClaim(device, lock);
    } catch (IOException e) {
      throw new UnusableDeviceException("cannot lock %s for %s: %s".formatted(file, device, e), e);
    }
  }

  /** Null where another process has the lock, or this one. */
  private static FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }
}
