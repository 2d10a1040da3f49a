// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.hdfs;

import java.io.IOException;
import java.nio.file.Path;
import org.bellows.driver.registry.RegistryContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("integration")
@Timeout(600)
@Tag("lines")
class RegistryOnHdfsTest extends RegistryContract {
  @TempDir static Path folder;

  private static MiniHdfs hdfs;

  private String root;

  @BeforeAll
  static void start() throws IOException {
    hdfs = new MiniHdfs(folder);
  }

  @AfterAll
  static void stop() throws IOException {
    hdfs.close();
  }

  @BeforeEach
  void takeFolder(TestInfo test) {
    root = hdfs.at("/" + test.getTestMethod().orElseThrow().getName());
  }

  @Override
  protected String root() {
    return root;
  }
}
