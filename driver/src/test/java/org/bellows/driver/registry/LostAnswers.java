// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.registry;

import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.bellows.data.storage.lease.Fence;

/**
 * Files are created, and the answer is lost: the request that is sent again is refused, because the
 * file is there.
 */
public class LostAnswers implements Fence {
  private final Fence fence;

  public LostAnswers(Configuration hadoop) {
    this.fence = Fence.none(hadoop);
  }

  @Override
  public void requireHeld() {
    fence.requireHeld();
  }

  @Override
  public boolean create(Path file, byte[] content) {
    fence.create(file, content);
    return fence.create(file, content);
  }

  @Override
  public void replace(Path file, byte[] content) {
    fence.replace(file, content);
  }

  @Override
  public boolean move(Path from, Path to) {
    return fence.move(from, to);
  }
}
