// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.storage.lease;

import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.bellows.testing.ObjectDisk;
import org.junit.jupiter.api.io.TempDir;

/** Where a file is there when its stream is closed, and a rename is a copy. */
class ObjectStoreLeaseTest extends LeaseContract {
  @TempDir java.nio.file.Path folder;

  @Override
  protected Configuration configuration() {
    return ObjectDisk.configuration();
  }

  @Override
  protected Path root() {
    return ObjectDisk.path(folder);
  }
}
