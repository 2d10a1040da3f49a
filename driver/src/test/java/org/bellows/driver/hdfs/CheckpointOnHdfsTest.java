// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.hdfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.MiniDFSCluster.DataNodeProperties;
import org.bellows.conf.BellowsException;
import org.bellows.data.storage.AtomicFile;
import org.bellows.testing.HdfsPauses;
import org.bellows.worker.checkpoint.Checkpoint;
import org.bellows.worker.checkpoint.CheckpointStore;
import org.bellows.worker.checkpoint.TrainingState;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is written whole or not at all is so on HDFS, too. */
@Tag("integration")
@Timeout(600)
class CheckpointOnHdfsTest {
  /** 1 MB of parameters and as much of the optimizer's state: many packets. */
  private static final int FLOATS = 250_000;

  @TempDir static Path folder;

  private static MiniHdfs hdfs;

  @BeforeAll
  static void start() throws IOException {
    hdfs = new MiniHdfs(folder);
  }

  @AfterAll
  static void stop() throws IOException {
    hdfs.close();
  }

  private static Checkpoint checkpoint(long step) {
    float[] floats = new float[FLOATS];
    for (int i = 0; i < FLOATS; i++) {
      floats[i] = step + i;
    }
    return new Checkpoint(
        new TrainingState(1, step, step, "sha", Map.of(), Map.of()), floats, List.of(floats));
  }

  @Test
  void datanodesComeAndGoWhileCheckpointsAreCommitted() throws Exception {
    CheckpointStore store = new CheckpointStore(new Configuration(), hdfs.at("/run"));
    AtomicBoolean isOver = new AtomicBoolean();
    CompletableFuture<Integer> restarts =
        CompletableFuture.supplyAsync(() -> restartDatanodes(isOver));
    List<String> passedOver = new ArrayList<>();
    int failed = 0;
    for (long step = 1; step <= 8; step++) {
      long newest = step;
      try {
        store.write(checkpoint(step));
      } catch (BellowsException e) {
        // Both other datanodes of a block were away at the same time: the one before is good.
        assertThat(e).hasMessageStartingWith("writing " + hdfs.at("/run/checkpoints/step-"));
        failed++;
        newest = store.steps().get(0);
      }
      Checkpoint read = store.newest(passedOver::add).orElseThrow();
      assertThat(read.state().step()).isEqualTo(newest);
      assertThat(read.parameters()).isEqualTo(checkpoint(newest).parameters());
    }
    isOver.set(true);
    assertThat(restarts.get()).isPositive();
    assertThat(failed).isLessThan(5);
    assertThat(passedOver).isEmpty();
  }

  /** One after the other; at most one is away. */
  private static int restartDatanodes(AtomicBoolean isOver) {
    int restarts = 0;
    try {
      for (; !isOver.get(); restarts++) {
        DataNodeProperties stopped = hdfs.cluster().stopDataNode(0);
        Thread.sleep(300);
        hdfs.cluster().restartDataNode(stopped, true);
        hdfs.cluster().waitActive();
      }
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return restarts;
  }

  /** A reader finds the old content or the new one, never none. */
  @Test
  void aFileIsReplacedInOneGo() throws Exception {
    Configuration hadoop = new Configuration();
    org.apache.hadoop.fs.Path file = new org.apache.hadoop.fs.Path(hdfs.at("/replaced.json"));
    AtomicFile.write(hadoop, file, "0".getBytes(StandardCharsets.UTF_8));
    CompletableFuture<Void> writer =
        CompletableFuture.runAsync(
            () -> {
              for (int i = 1; i < 40; i++) {
                AtomicFile.write(hadoop, file, ("" + i).getBytes(StandardCharsets.UTF_8));
              }
            });
    int seen = 0;
    while (!writer.isDone()) {
      assertThat(hdfs.files().exists(file)).isTrue();
      seen++;
    }
    writer.get();
    assertThat(seen).isGreaterThan(40);
    assertThat(hdfs.files().listStatus(MiniHdfs.path("/")))
        .noneMatch(status -> status.getPath().getName().startsWith(".tmp-"));
  }

  @Test
  void oneGoodReplicaIsEnough() throws IOException {
    CheckpointStore store = new CheckpointStore(new Configuration(), hdfs.at("/damaged"));
    store.write(checkpoint(1));
    store.write(checkpoint(2));
    hdfs.corrupt("/damaged/checkpoints/step-000000002/parameters.bin", 2);
    List<String> passedOver = new ArrayList<>();
    assertThat(store.newest(passedOver::add).orElseThrow().state().step()).isEqualTo(2);
    assertThat(passedOver).isEmpty();
  }

  /** HDFS tells this in two ways, by chance; both mean the same. */
  @Test
  void theNewestIsPassedOverWhenAllReplicasAreCorrupt() throws IOException {
    Configuration impatient = new Configuration();
    HdfsPauses.shorten(impatient);
    impatient.setBoolean("fs.hdfs.impl.disable.cache", true);
    for (int round = 0; round < 10; round++) {
      String run = "/damaged-" + round;
      CheckpointStore store = new CheckpointStore(impatient, hdfs.at(run));
      store.write(checkpoint(1));
      store.write(checkpoint(2));
      hdfs.corrupt(run + "/checkpoints/step-000000002/parameters.bin");
      List<String> passedOver = new ArrayList<>();
      assertThat(store.newest(passedOver::add).orElseThrow().state().step()).isEqualTo(1);
      assertThat(passedOver).hasSize(1);
      assertThat(passedOver.get(0))
          .startsWith("passed over the checkpoint of step 2: reading " + hdfs.at(run))
          .containsPattern(
              "failed: (Checksum CRC32C not matched for file|all replicas of block \\S+ are"
                  + " corrupt)");
    }
  }
}
