// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.stores;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.bellows.data.storage.ExclusiveCreation;
import org.bellows.data.storage.ObjectStores;
import org.bellows.data.storage.lease.Lease;
import org.bellows.data.storage.lease.LeaseHeldException;
import org.bellows.data.storage.lease.LeaseTerms;
import org.bellows.testing.S3Server;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** S3A of Hadoop 3.4.2 and newer creates a file only if there is none, if it is asked to. */
@Tag("integration")
@Tag("lines")
@Timeout(120)
class ConditionalCreationTest {
  private static final int AT_ONCE = 8;

  @TempDir Path folder;

  @Test
  void oneOfManySucceeds() throws Exception {
    try (S3Server server = new S3Server(folder)) {
      Configuration hadoop = new Configuration();
      server.client().forEach(hadoop::set);
      // Or later tests would get the file system of a server that is gone.
      hadoop.setBoolean("fs.s3a.impl.disable.cache", true);
      org.apache.hadoop.fs.Path root = new org.apache.hadoop.fs.Path(server.root());
      FileSystem files = root.getFileSystem(hadoop);
      assumeThat(ObjectStores.createsOnCondition(files, root))
          .as("conditions, which S3A of this Hadoop knows")
          .isTrue();
      for (int round = 0; round < 5; round++) {
        org.apache.hadoop.fs.Path file = new org.apache.hadoop.fs.Path(root, "once/" + round);
        List<Boolean> created =
            atOnce(i -> ExclusiveCreation.write(hadoop, file, ("by " + i).getBytes(UTF_8)));
        assertThat(created).as("round %d", round).containsOnlyOnce(true);
        try (InputStream in = files.open(file)) {
          assertThat(in.readAllBytes()).asString(UTF_8).isEqualTo("by " + created.indexOf(true));
        }
      }
      oneTakesALease(hadoop, new org.apache.hadoop.fs.Path(root, "lease"));
    }
  }

  private static void oneTakesALease(Configuration hadoop, org.apache.hadoop.fs.Path folder)
      throws Exception {
    LeaseTerms terms = LeaseTerms.refusing(Duration.ofMinutes(1));
    List<Boolean> taken =
        atOnce(
            i -> {
              try {
                return Lease.take(hadoop, folder, terms).isHeld();
              } catch (LeaseHeldException e) {
                assertThat(e).hasMessageContaining("is held by another start");
                return false;
              }
            });
    assertThat(taken).containsOnlyOnce(true);
  }

  private interface Attempt {
    boolean by(int number);
  }

  private static List<Boolean> atOnce(Attempt attempt) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
    CyclicBarrier together = new CyclicBarrier(AT_ONCE);
    try {
      List<Callable<Boolean>> attempts = new ArrayList<>();
      for (int i = 0; i < AT_ONCE; i++) {
        int number = i;
        attempts.add(
            () -> {
              together.await();
              return attempt.by(number);
            });
      }
      List<Boolean> results = new ArrayList<>();
      for (Future<Boolean> result : threads.invokeAll(attempts)) {
        results.add(result.get());
      }
      return results;
    } finally {
      threads.shutdownNow();
    }
  }
}
