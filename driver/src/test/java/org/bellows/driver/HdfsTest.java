// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.bellows.driver.features.TinyModel;
import org.bellows.testing.HdfsPauses;
import org.bellows.worker.files.Json;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole way on a real HDFS: source, dataset, run and evaluation; executors are processes. */
@Tag("integration")
@Timeout(600)
class HdfsTest {
  @TempDir Path folder;

  @Test
  void everythingOnHdfsEndsWithTheBitsOfTheLocalDisk() throws IOException {
    TinyTree.render(folder.resolve("raw"));
    Path run = TinyTree.trained();

    Configuration hadoop = new Configuration();
    hadoop.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, folder.resolve("hdfs").toString());
    HdfsPauses.shorten(hadoop);
    HdfsPauses.shortenInProperties();
    MiniDFSCluster cluster = new MiniDFSCluster.Builder(hadoop).numDataNodes(1).build();
    try {
      cluster.waitActive();
      FileSystem hdfs = cluster.getFileSystem();
      String root = hdfs.getUri().toString();
      hdfs.copyFromLocalFile(
          new org.apache.hadoop.fs.Path(folder.resolve("raw").toUri()),
          new org.apache.hadoop.fs.Path("/raw"));
      try (TwoExecutors executors = TwoExecutors.start()) {
        succeeds(
            "prepare",
            "--set=source.path=" + root + "/raw",
            "--set=data.path=" + root + "/dataset",
            "--set=output.path=" + root + "/prepared",
            TwoExecutors.MEMORY);
        succeeds(TinyTree.train(Path.of("/ignored"), run, 2, at(root, "run")));
        succeeds(
            "evaluate",
            "--set=model.path=" + root + "/run",
            "--set=data.path=" + root + "/dataset",
            "--set=output.path=" + root + "/evaluation",
            TwoExecutors.MEMORY);
        requireLabelMaps(hdfs, root);
      }
      // There is nothing left to do.
      String[] again = TinyTree.train(Path.of("/ignored"), run, 1, at(root, "run"));
      succeeds(
          Stream.concat(Stream.of(again), Stream.of("--master=local[1]")).toArray(String[]::new));
      assertThat(metric(hdfs, "/prepared", "images")).isEqualTo(192);
      assertThat(metric(hdfs, "/run", "parameters-sha256"))
          .isEqualTo(CommandLine.metric(run, "parameters-sha256"));
      assertThat(metric(hdfs, "/run", "loss")).isEqualTo(CommandLine.metric(run, "loss"));
      assertThat(metric(hdfs, "/evaluation", "samples")).isEqualTo(24);
    } finally {
      cluster.shutdown();
      HdfsPauses.restoreProperties();
    }
  }

  /** By two networks for pixels that lie there, too: of a dataset, and of a named picture. */
  private static void requireLabelMaps(FileSystem hdfs, String root) throws IOException {
    TinyModel.of("unet-8", 3).write(hdfs.getConf(), root + "/pixels/3");
    TinyModel.of("unet-8", 4).write(hdfs.getConf(), root + "/pixels/4");
    List<String> predict =
        List.of(
            "predict",
            "--set=model.path=" + root + "/pixels/3",
            "--set=evaluate.ensemble=[\"" + root + "/pixels/4\"]",
            TwoExecutors.MEMORY);
    List<String> job = new ArrayList<>(predict);
    job.add("--set=data.path=" + root + "/dataset");
    job.add("--set=output.path=" + root + "/labels");
    succeeds(job.toArray(String[]::new));
    assertThat(metric(hdfs, "/labels", "images")).isEqualTo(24);
    TinyModel.of("lenet5", 3).write(hdfs.getConf(), root + "/classes");
    succeeds(
        "predict",
        "--set=model.path=" + root + "/classes",
        "--set=source.path=" + root + "/raw/test/*",
        "--set=predict.format=csv",
        "--set=output.path=" + root + "/answers",
        TwoExecutors.MEMORY);
    assertThat(metric(hdfs, "/answers", "images")).isEqualTo(24);
    assertThat(new String(content(hdfs, "/answers/predictions/part-00000.csv"), UTF_8).lines())
        .hasSize(25)
        .anyMatch(line -> line.startsWith("23," + root + "/raw/test/"));
    org.apache.hadoop.fs.Path picture =
        hdfs.globStatus(new org.apache.hadoop.fs.Path("/raw/test/*/*"))[0].getPath();
    List<String> named = new ArrayList<>(predict);
    named.addAll(List.of("--set=output.path=" + root + "/named", picture.toString()));
    succeeds(named.toArray(String[]::new));
    String name = picture.getName().replaceFirst("\\.[a-z]+$", ".png");
    String inJob = "/labels/labels/test/" + picture.getParent().getName() + "/" + name;
    assertThat(content(hdfs, "/named/labels/" + name)).isEqualTo(content(hdfs, inJob));
  }

  private static byte[] content(FileSystem hdfs, String file) throws IOException {
    try (InputStream in = hdfs.open(new org.apache.hadoop.fs.Path(file))) {
      return in.readAllBytes();
    }
  }

  /** The later of two assignments counts. */
  private static String[] at(String root, String run) {
    return new String[] {
      "--set=data.path=" + root + "/dataset", "--set=output.path=" + root + "/" + run
    };
  }

  private static void succeeds(String... args) {
    CommandLine.Said said = CommandLine.run(args);
    assertThat(said.exitCode()).as(said.err()).isZero();
  }

  private static Map<?, ?> result(FileSystem hdfs, String folder) throws IOException {
    return Json.read(content(hdfs, folder + "/result.json"), Map.class, folder);
  }

  private static Object metric(FileSystem hdfs, String folder, String name) throws IOException {
    return ((Map<?, ?>) result(hdfs, folder).get("metrics")).get(name);
  }
}
