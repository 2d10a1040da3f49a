// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.security.AccessControlException;
import org.bellows.testing.LocalDisk;

/**
 * The local disk under the scheme "failing". Shards are refused once as many are there as {@link
 * #SHARDS} says; files of the names that the other keys say cannot be opened.
 */
public final class FailingFileSystem extends LocalDisk {
  static final String SHARDS = "test.failing.shards";
  static final String UNREADABLE = "test.failing.unreadable";
  static final String FAULTY = "test.failing.faulty";
  static final String FORBIDDEN = "test.failing.forbidden";

  private static final String SCHEME = "failing";

  /** Each test counts for itself. */
  static void register(Configuration hadoop) {
    register(hadoop, SCHEME, FailingFileSystem.class, false);
  }

  @Override
  public String getScheme() {
    return SCHEME;
  }

  @Override
  protected void beforeOpen(Path path) throws IOException {
    if (path.getName().equals(getConf().get(FAULTY))) {
      throw new IllegalStateException("a library's fault");
    }
    if (path.getName().equals(getConf().get(FORBIDDEN))) {
      throw new AccessControlException("Permission denied: user=nobody");
    }
    if (path.getName().equals(getConf().get(UNREADABLE))) {
      throw new IOException("Connection reset by peer");
    }
  }

  @Override
  protected void beforeCreate(Path path) throws IOException {
    int allowed = getConf().getInt(SHARDS, Integer.MAX_VALUE);
    if (path.getName().contains(".parquet.")
        && listStatus(new Path(path.getParent().getParent(), "shards")).length >= allowed) {
      throw new IOException("the data node is gone");
    }
  }
}
