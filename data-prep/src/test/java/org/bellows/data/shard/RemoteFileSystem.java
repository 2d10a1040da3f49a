// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.shard;

import java.io.IOException;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.bellows.testing.LocalDisk;

/** The local disk under the scheme "remote", counting the files that are opened. */
public final class RemoteFileSystem extends LocalDisk {
  private static final String SCHEME = "remote";

  private final AtomicInteger opened = new AtomicInteger();

  static Configuration configuration() {
    Configuration hadoop = new Configuration();
    register(hadoop, SCHEME, RemoteFileSystem.class, true);
    return hadoop;
  }

  static RemoteFileSystem of(Configuration hadoop) throws IOException {
    return (RemoteFileSystem) FileSystem.get(URI.create("remote:///"), hadoop);
  }

  int opened() {
    return opened.get();
  }

  @Override
  public String getScheme() {
    return SCHEME;
  }

  @Override
  protected void beforeOpen(Path path) {
    opened.incrementAndGet();
  }
}
