// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.storage.lease;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.bellows.testing.HdfsPauses;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** On a real HDFS in this JVM. */
class HdfsLeaseTest extends FencedLeaseContract {
  @TempDir static java.nio.file.Path folder;

  private static MiniDFSCluster cluster;

  private Path root;

  @BeforeAll
  static void start() throws IOException {
    Configuration hadoop = new Configuration();
    hadoop.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, folder.toString());
    HdfsPauses.shorten(hadoop);
    cluster = new MiniDFSCluster.Builder(hadoop).numDataNodes(1).build();
    cluster.waitActive();
  }

  @AfterAll
  static void stop() {
    cluster.shutdown();
  }

  @BeforeEach
  void takeFolder(TestInfo test) throws IOException {
    root =
        new Path(
            cluster.getFileSystem().getUri() + "/" + test.getTestMethod().orElseThrow().getName());
  }

  @Override
  protected Configuration configuration() {
    Configuration hadoop = new Configuration();
    HdfsPauses.shorten(hadoop);
    return hadoop;
  }

  @Override
  protected Path root() {
    return root;
  }
}
