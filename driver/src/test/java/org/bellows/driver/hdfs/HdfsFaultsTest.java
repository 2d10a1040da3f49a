// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.hdfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ContentSummary;
import org.apache.hadoop.fs.FileUtil;
import org.apache.hadoop.hdfs.MiniDFSCluster.DataNodeProperties;
import org.apache.hadoop.hdfs.protocol.HdfsConstants;
import org.apache.hadoop.hdfs.protocol.HdfsConstants.SafeModeAction;
import org.bellows.driver.CommandLine;
import org.bellows.driver.TinyTree;
import org.bellows.worker.checkpoint.CheckpointStore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** HDFS fails while a run trains; it ends with the bits of a run on a healthy one. */
@Tag("alone")
@Timeout(600)
class HdfsFaultsTest {
  /** So many short segments that a fault hits the middle: 6 steps an epoch, saved every 4. */
  private static final List<String> LONG =
      List.of(
          "--set=train.epochs=10",
          "--set=checkpoint.keep-last=1000",
          "--set=train.validation-split=",
          "--set=cluster.max-failures=0");

  private static final int STEPS = 60;
  private static final String RETRIES = "spark.hadoop.dfs.client.retry.policy.spec";

  @TempDir static Path folder;

  private static MiniHdfs hdfs;
  private static Object healthy;

  @BeforeAll
  static void trainUndisturbed() throws IOException {
    hdfs = new MiniHdfs(folder.resolve("hdfs"));
    Path dataset = TinyTree.prepare(folder);
    hdfs.upload(dataset, "/dataset");
    succeeds(train("/healthy", 1));
    healthy = hdfs.metric("/healthy", "parameters-sha256");
  }

  @AfterAll
  static void stop() throws IOException {
    hdfs.close();
  }

  @AfterEach
  void forgetRetries() {
    System.clearProperty(RETRIES);
  }

  private static CommandLine.Said train(String run, int executors, String... more) {
    return train("/dataset", run, executors, more);
  }

  private static CommandLine.Said train(String data, String run, int executors, String... more) {
    List<String> args = new ArrayList<>(LONG);
    args.addAll(List.of(more));
    return hdfs.train(data, run, executors, args.toArray(String[]::new));
  }

  private static void succeeds(CommandLine.Said said) {
    assertThat(said.exitCode()).as(said.err()).isZero();
  }

  private static void endsLikeTheHealthyOne(CommandLine.Said said, String run) throws IOException {
    succeeds(said);
    assertThat(hdfs.metric(run, "parameters-sha256")).isEqualTo(healthy);
  }

  private static void failed(CommandLine.Said said, int exitCode, String... sentence) {
    assertThat(said.exitCode()).as(said.err()).isEqualTo(exitCode);
    List<String> told = said.err().lines().filter(line -> line.startsWith("bellows: ")).toList();
    assertThat(told).hasSize(1);
    assertThat(told.get(0)).contains(sentence);
  }

  private static void isInTheMiddle(String run) throws IOException {
    assertThat(hdfs.hasCheckpoint(run, STEPS)).as("the run is over already").isFalse();
  }

  private static CheckpointStore checkpoints(String run) {
    return new CheckpointStore(new Configuration(), hdfs.at(run));
  }

  @Test
  void aDatanodeGoesAndComesBackAndAReplicaIsCorrupt() throws Exception {
    String run = "/datanode";
    CompletableFuture<CommandLine.Said> training =
        CompletableFuture.supplyAsync(() -> train(run, 2));
    hdfs.awaitCheckpoint(run, 4);
    hdfs.corrupt(hdfs.find("/dataset/shards", "train-"), 1);
    DataNodeProperties stopped = hdfs.cluster().stopDataNode(0);
    hdfs.awaitCheckpoint(run, 20);
    isInTheMiddle(run);
    hdfs.cluster().restartDataNode(stopped, true);
    hdfs.cluster().waitActive();
    CommandLine.Said said = training.get(500, TimeUnit.SECONDS);
    endsLikeTheHealthyOne(said, run);
    assertThat(said.err()).doesNotContain("failure 1");
  }

  /** With shorter pauses than by default, so that the test is. */
  @Test
  void theNameNodeRestartsAndIsInSafeModeForAWhile() throws Exception {
    System.setProperty(RETRIES, "500,30");
    String run = "/namenode";
    CompletableFuture<CommandLine.Said> training =
        CompletableFuture.supplyAsync(() -> train(run, 1));
    hdfs.awaitCheckpoint(run, 4);
    hdfs.killNameNode();
    Thread.sleep(2000);
    hdfs.cluster().restartNameNode(0);
    hdfs.files().setSafeMode(SafeModeAction.SAFEMODE_ENTER);
    isInTheMiddle(run);
    Thread.sleep(3000);
    isInTheMiddle(run);
    hdfs.files().setSafeMode(SafeModeAction.SAFEMODE_LEAVE);
    CommandLine.Said said = training.get(500, TimeUnit.SECONDS);
    endsLikeTheHealthyOne(said, run);
    assertThat(said.err()).doesNotContain("failure 1");
  }

  @Test
  void quotasAreFullWhenACheckpointIsWritten() throws IOException {
    String run = "/quota";
    cutOff(run, 8);
    ContentSummary used = hdfs.files().getContentSummary(MiniHdfs.path(run + "/checkpoints"));
    long names = used.getFileCount() + used.getDirectoryCount();
    setQuota(run, names + 3, HdfsConstants.QUOTA_RESET);
    String writing = "writing " + hdfs.at(run) + "/checkpoints/step-000000012 failed: The ";
    failed(
        train(run, 1),
        4,
        "gave up after 1 failures",
        writing + "NameSpace quota (directories and files) of directory /quota/checkpoints is",
        " exceeded: quota=" + (names + 3));
    assertThat(goodCheckpoint(run)).isEqualTo(8);

    setQuota(run, HdfsConstants.QUOTA_RESET, used.getSpaceConsumed());
    failed(train(run, 1), 4, writing + "DiskSpace quota of /quota/checkpoints is exceeded");
    assertThat(goodCheckpoint(run)).isEqualTo(8);

    setQuota(run, HdfsConstants.QUOTA_RESET, HdfsConstants.QUOTA_RESET);
    CommandLine.Said said = train(run, 1);
    endsLikeTheHealthyOne(said, run);
    assertThat(said.err()).contains("resumed from the checkpoint of step 8");
  }

  private static void setQuota(String run, long names, long bytes) throws IOException {
    hdfs.files().setQuota(MiniHdfs.path(run + "/checkpoints"), names, bytes);
  }

  /** A copy of the healthy run, as if its driver had been killed after that step. */
  private static void cutOff(String run, long step) throws IOException {
    FileUtil.copy(
        hdfs.files(),
        MiniHdfs.path("/healthy"),
        hdfs.files(),
        MiniHdfs.path(run),
        false,
        new Configuration());
    for (long later : checkpoints(run).steps().stream().filter(s -> s > step).toList()) {
      hdfs.files().delete(checkpoint(run, later), true);
    }
    for (String last : List.of("result.json", "report.html", "model", "notes.json")) {
      hdfs.files().delete(MiniHdfs.path(run + "/" + last), true);
    }
  }

  private static org.apache.hadoop.fs.Path checkpoint(String run, long step) {
    return MiniHdfs.path(run + "/checkpoints/step-%09d".formatted(step));
  }

  /** The newest is good, and nothing half written lies beside it. */
  private static long goodCheckpoint(String run) throws IOException {
    List<String> passedOver = new ArrayList<>();
    long step = checkpoints(run).newest(passedOver::add).orElseThrow().state().step();
    assertThat(passedOver).isEmpty();
    assertThat(hdfs.files().listStatus(MiniHdfs.path(run + "/checkpoints")))
        .allMatch(status -> status.getPath().getName().startsWith("step-"));
    return step;
  }

  @Test
  void aShardIsCorruptEverywhereAndThenTheNewestCheckpointToo() throws IOException {
    String run = "/corrupt";
    cutOff(run, 8);
    hdfs.upload(folder.resolve("dataset"), "/corrupt-dataset");
    String shard = hdfs.find("/corrupt-dataset/shards", "train-");
    hdfs.corrupt(shard);
    failed(train("/corrupt-dataset", run, 1), 3, "of shard " + hdfs.at(shard) + " failed: ");
    assertThat(goodCheckpoint(run)).isEqualTo(8);

    String parameters = checkpoint(run, 8) + "/parameters.bin";
    hdfs.corrupt(parameters);
    CommandLine.Said said = train(run, 1);
    endsLikeTheHealthyOne(said, run);
    assertThat(said.err())
        .contains(
            "passed over the checkpoint of step 8: reading %s failed: "
                .formatted(hdfs.at(parameters)))
        .contains("resumed from the checkpoint of step 6");
  }

  /** Everything has been read once in the first epoch: not even the file is needed after that. */
  @Test
  void aCachedDatasetIsNotReadAgain() throws Exception {
    String run = "/cached";
    hdfs.upload(folder.resolve("dataset"), "/cached-dataset");
    CompletableFuture<CommandLine.Said> training =
        CompletableFuture.supplyAsync(
            () -> train("/cached-dataset", run, 1, "--set=data.cache=local-disk"));
    hdfs.awaitCheckpoint(run, 12);
    hdfs.files().delete(MiniHdfs.path("/cached-dataset/shards"), true);
    isInTheMiddle(run);
    endsLikeTheHealthyOne(training.get(500, TimeUnit.SECONDS), run);
  }
}
