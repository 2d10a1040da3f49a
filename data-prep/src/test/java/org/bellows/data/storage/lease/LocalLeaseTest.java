// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.storage.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.apache.hadoop.fs.Path;
import org.bellows.data.storage.Storage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalLeaseTest extends FencedLeaseContract {
  @TempDir java.nio.file.Path folder;

  @Override
  protected Path root() {
    return Storage.qualify(folder.toString());
  }

  /** Hadoop's checksum goes with the file, and an older one does not stay. */
  @Test
  void aReplacedFileHasItsChecksum() throws Exception {
    try (Lease lease = take()) {
      lease.replace(target("report"), "one".getBytes(StandardCharsets.UTF_8));
      lease.replace(target("report"), "another".getBytes(StandardCharsets.UTF_8));
      assertThat(folder.resolve(".report.crc")).exists();
      assertThat(read(target("report"))).isEqualTo("another");
    }
  }
}
