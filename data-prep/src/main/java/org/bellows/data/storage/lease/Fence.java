// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.storage.lease;

import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.bellows.conf.BellowsException;
import org.bellows.data.storage.AtomicFile;
import org.bellows.data.storage.ExclusiveCreation;

/**
 * Puts files in their place, as long as the caller may. This package's documentation says which
 * writes a lost lease does not stop.
 */
public interface Fence {
  /**
   * To be called before every action of the holder that does not go through this interface.
   *
   * @throws LostLeaseException when another process has taken over, or may have
   */
  void requireHeld();

  /**
   * Creates a file with its content; its folder is made if need be.
   *
   * @return false when there is such a file, which stays as it is
   * @throws LostLeaseException as above; the file was not created then
   * @throws BellowsException (infrastructure, configuration) naming the file
   */
  boolean create(Path file, byte[] content);

  /**
   * Writes a file whole, in the place of one that may be there; its folder is made if need be.
   *
   * @throws LostLeaseException as above; the file is as it was then
   * @throws BellowsException (infrastructure, configuration) naming the file
   */
  void replace(Path file, byte[] content);

  /**
   * Renames a folder that is not empty.
   *
   * @return false when there is something at the target; both stay as they are then
   * @throws LostLeaseException as above; there is nothing at the target then
   * @throws BellowsException (infrastructure, configuration) naming the target
   */
  boolean move(Path from, Path to);

  /** For writers without a lease, such as a person who promotes by hand. */
  static Fence none(Configuration hadoop) {
    return new Fence() {
      @Override
      public void requireHeld() {}

      @Override
      public boolean create(Path file, byte[] content) {
        return ExclusiveCreation.write(hadoop, file, content);
      }

      @Override
      public void replace(Path file, byte[] content) {
        AtomicFile.write(hadoop, file, content);
      }

      @Override
      public boolean move(Path from, Path to) {
        return ExclusiveCreation.rename(hadoop, from, to);
      }
    };
  }
}
