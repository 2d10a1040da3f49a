// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.storage.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.bellows.testing.LocalDisk;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where nothing can be created only if it is not there: a rename replaces what is there. */
class UnsureLeaseTest extends LeaseContract {
  private static final String SCHEME = "unsure";

  @TempDir java.nio.file.Path folder;

  /** The local disk by another name is not known to create anything exclusively. */
  public static final class UnsureDisk extends LocalDisk {
    static void register(Configuration hadoop) {
      register(hadoop, SCHEME, UnsureDisk.class, true);
    }

    @Override
    public String getScheme() {
      return SCHEME;
    }
  }

  @Override
  protected Configuration configuration() {
    Configuration hadoop = new Configuration();
    UnsureDisk.register(hadoop);
    return hadoop;
  }

  @Override
  protected Path root() {
    return new Path(SCHEME + ":" + folder);
  }

  /** Both believed for a moment to have token 1; the last to write stays. */
  @Test
  void whoIsOverwrittenFindsOut() throws IOException {
    Lease lease = take();
    write(
        target("lease/1.json"),
        "{\"token\": 1, \"host\": \"other\", \"process\": 7, \"run\": \"another\"}");
    assertThatThrownBy(() -> lease.create(target("entry"), new byte[] {1}))
        .isInstanceOf(LostLeaseException.class)
        .hasMessageContaining("(process 7 on host other, token 1, this one has 1)");
    assertThat(files().exists(target("entry"))).isFalse();
    lease.close();
    assertThat(files().exists(target("lease/1.released"))).isFalse();
  }
}
