// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.hdfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.security.PrivilegedAction;
import java.util.List;
import java.util.function.Supplier;
import org.apache.hadoop.hdfs.MiniDFSCluster.DataNodeProperties;
import org.apache.hadoop.hdfs.protocol.HdfsConstants;
import org.apache.hadoop.hdfs.protocol.HdfsConstants.SafeModeAction;
import org.apache.hadoop.security.UserGroupInformation;
import org.bellows.driver.CommandLine;
import org.bellows.driver.TinyTree;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** HDFS does not let a command do what it was asked to: one sentence says which path, and why. */
@Tag("integration")
@Timeout(600)
class HdfsRefusalsTest {
  private static final String RETRY_PAUSE = "spark.hadoop.dfs.client.retry.window.base";

  @TempDir static Path folder;

  private static MiniHdfs hdfs;
  private static Object dataset;

  @BeforeAll
  static void prepareOnHdfs() throws IOException {
    hdfs = new MiniHdfs(folder.resolve("hdfs"));
    hdfs.upload(TinyTree.render(folder.resolve("raw")), "/raw");
    assertThat(hdfs.prepare("/raw", "/dataset").exitCode()).isZero();
    dataset = hdfs.metric("/dataset", "dataset-sha256");
    hdfs.openFolder("/mallory");
  }

  @AfterAll
  static void stop() throws IOException {
    hdfs.close();
  }

  private static void failed(CommandLine.Said said, int exitCode, String... sentence) {
    assertThat(said.exitCode()).as(said.err()).isEqualTo(exitCode);
    List<String> told = said.err().lines().filter(line -> line.startsWith("bellows: ")).toList();
    assertThat(told).hasSize(1);
    assertThat(told.get(0)).contains(sentence);
    assertThat(said.err()).doesNotContain("\tat ");
  }

  private static CommandLine.Said asMallory(Supplier<CommandLine.Said> command) {
    return UserGroupInformation.createRemoteUser("mallory")
        .doAs((PrivilegedAction<CommandLine.Said>) command::get);
  }

  private static String denied(String access, String inode) {
    return "failed: no permission (Permission denied: user=mallory, access=%s, inode=\"%s\""
        .formatted(access, inode);
  }

  @Test
  void aSourceThatIsNotTheUsers() throws IOException {
    hdfs.allow("/raw/train", 0700);
    failed(
        asMallory(() -> hdfs.prepare("/raw", "/mallory/a")),
        2,
        "reading source " + hdfs.at("/raw") + " " + denied("EXECUTE", "/raw/train"));
    hdfs.allow("/raw/train", 0755);
    String picture = hdfs.find("/raw/train/circle", "circle-");
    hdfs.allow(picture, 0600);
    failed(
        asMallory(() -> hdfs.prepare("/raw", "/mallory/b")),
        3,
        "1 of 192 images are refused (1 UNREADABLE), ",
        picture.substring("/raw/".length()) + " cannot be read: Permission denied: user=mallory");
    hdfs.allow(picture, 0644);
  }

  @Test
  void aDatasetThatIsNotTheUsers() throws IOException {
    for (String file : List.of("/dataset/manifest.json", hdfs.find("/dataset/shards", "train-"))) {
      hdfs.allow(file, 0600);
      failed(
          asMallory(() -> hdfs.train("/dataset", "/mallory/run", 1)),
          2,
          hdfs.at(file) + " " + denied("READ", file));
      hdfs.allow(file, 0644);
    }
  }

  @Test
  void anOutputThatIsNotTheUsers() {
    failed(
        asMallory(() -> hdfs.prepare("/raw", "/forbidden")),
        2,
        "writing " + hdfs.at("/forbidden/.prepare-lease") + " " + denied("WRITE", "/"));
    failed(
        asMallory(() -> hdfs.train("/dataset", "/forbidden", 1)),
        2,
        "writing " + hdfs.at("/forbidden") + " " + denied("WRITE", "/"));
  }

  @Test
  void quotasAreFullWhenShardsAreWritten() throws IOException {
    hdfs.files().mkdirs(MiniHdfs.path("/quota"));
    setQuota("/quota", 15, HdfsConstants.QUOTA_RESET);
    String writing = "writing " + hdfs.at("/quota/data");
    failed(
        hdfs.prepare("/raw", "/quota/data"),
        4,
        writing,
        "The NameSpace quota (directories and files) of directory /quota is exceeded: quota=15");
    setQuota("/quota", HdfsConstants.QUOTA_RESET, HdfsConstants.QUOTA_RESET);
    // Where shards that are finished wait for the others.
    String work = hdfs.find("/quota/data", ".prepare-");
    setQuota(work, HdfsConstants.QUOTA_RESET, 1 << 20);
    failed(
        hdfs.prepare("/raw", "/quota/data"),
        4,
        "writing " + hdfs.at(work) + "/attempts/",
        "The DiskSpace quota of " + work + " is exceeded: quota = 1048576 B");
    assertThat(hdfs.files().exists(MiniHdfs.path("/quota/data/manifest.json"))).isFalse();
    setQuota(work, HdfsConstants.QUOTA_RESET, HdfsConstants.QUOTA_RESET);
    assertThat(hdfs.prepare("/raw", "/quota/data").exitCode()).isZero();
    assertThat((Integer) hdfs.metric("/quota/data", "reused-shards")).isPositive();
    assertThat(hdfs.metric("/quota/data", "dataset-sha256")).isEqualTo(dataset);
  }

  private static void setQuota(String folder, long names, long bytes) throws IOException {
    hdfs.files().setQuota(MiniHdfs.path(folder), names, bytes);
  }

  @Test
  void aPictureThatIsCorruptEverywhereIsRefusedAsOne() throws IOException {
    System.setProperty(RETRY_PAUSE, "10");
    String picture = hdfs.find("/raw/train/circle", "circle-");
    hdfs.corrupt(picture);
    try {
      failed(
          hdfs.prepare("/raw", "/spoilt"),
          3,
          "1 of 192 images are refused (1 UNREADABLE)",
          picture.substring("/raw/".length()) + " cannot be read: ");
    } finally {
      System.clearProperty(RETRY_PAUSE);
      hdfs.files().delete(MiniHdfs.path(picture), false);
      hdfs.upload(folder.resolve(picture.substring(1)), picture);
    }
  }

  @Test
  void safeModeAtTheStartIsToldAtOnce() throws IOException {
    hdfs.files().setSafeMode(SafeModeAction.SAFEMODE_ENTER);
    try {
      String sentence =
          "the NameNode of %s is in safe mode, in which nothing can be written; start again when"
              .formatted(hdfs.at("/"));
      failed(hdfs.train("/dataset", "/safe", 1), 4, sentence);
      failed(hdfs.prepare("/raw", "/safe"), 4, sentence);
    } finally {
      hdfs.files().setSafeMode(SafeModeAction.SAFEMODE_LEAVE);
    }
  }

  @Test
  void aNameNodeThatIsDownAtTheStartIsToldAtOnce() throws IOException {
    hdfs.cluster().shutdownNameNode(0);
    try {
      String sentence = "reaching the NameNode of " + hdfs.at("/") + " failed: ";
      failed(hdfs.train("/dataset", "/down", 1), 4, sentence);
      CommandLine.Said said = hdfs.prepare("/raw", "/down");
      failed(said, 4, sentence, "Connection refused");
      assertThat(said.err()).doesNotContain("wiki");
    } finally {
      hdfs.cluster().restartNameNode(0);
    }
  }

  @Test
  void noDatanodeThatHoldsADataset() throws IOException {
    System.setProperty(RETRY_PAUSE, "10");
    DataNodeProperties[] stopped = new DataNodeProperties[3];
    for (int i = 0; i < stopped.length; i++) {
      stopped[i] = hdfs.cluster().stopDataNode(0);
    }
    try {
      failed(
          hdfs.train("/dataset", "/no-datanode", 1),
          4,
          "reading " + hdfs.at("/dataset/manifest.json") + " failed: no datanode that answers has",
          " of it");
    } finally {
      System.clearProperty(RETRY_PAUSE);
      for (DataNodeProperties node : stopped) {
        hdfs.cluster().restartDataNode(node, true);
      }
      hdfs.cluster().waitActive();
    }
  }
}
