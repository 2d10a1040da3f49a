// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.spark.api.java.JavaSparkContext;
import org.bellows.conf.Settings;
import org.bellows.conf.part.PrepareSettings;
import org.bellows.data.TestSettings;
import org.bellows.data.TestTree;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.data.manifest.DatasetVerifier;
import org.bellows.data.manifest.ManifestFile;
import org.bellows.data.shard.BlockReader;
import org.bellows.data.shard.DatasetReader;
import org.bellows.data.shard.EncodedSample;
import org.bellows.testing.HdfsPauses;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From and to a real HDFS in this JVM. */
@Tag("integration")
@Tag("lines")
class PrepareHdfsTest {
  @TempDir Path folder;

  @Test
  void writesTheSameBytesToHdfsAsToTheLocalDisk() throws IOException {
    TestTree.write(folder.resolve("source"));
    Configuration hadoop = new Configuration();
    hadoop.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, folder.resolve("hdfs").toString());
    HdfsPauses.shorten(hadoop);
    MiniDFSCluster cluster = new MiniDFSCluster.Builder(hadoop).numDataNodes(1).build();
    try (JavaSparkContext spark = TestSpark.local(2)) {
      cluster.waitActive();
      FileSystem hdfs = cluster.getFileSystem();
      hdfs.copyFromLocalFile(
          new org.apache.hadoop.fs.Path(folder.resolve("source").toUri()),
          new org.apache.hadoop.fs.Path("/source"));
      String root = hdfs.getUri().toString();
      Settings onHdfs =
          TestSettings.of("source.path=" + root + "/source", "data.path=" + root + "/prepared");
      DatasetManifest manifest =
          PrepareJob.run(spark, PrepareSettings.of(onHdfs), progress -> {}).manifest();
      Settings local = TestSettings.prepare(folder.resolve("source"), folder.resolve("prepared"));
      assertThat(ManifestFile.sha256(manifest))
          .isEqualTo(
              ManifestFile.sha256(
                  PrepareJob.run(spark, PrepareSettings.of(local), progress -> {}).manifest()));
      assertThat(ManifestFile.read(hadoop, root + "/prepared")).isEqualTo(manifest);
      DatasetVerifier.verify(
          hadoop, root + "/prepared", manifest, List.of("train", "val"), Settings.Verify.SHA256);
      assertThat(read(hadoop, root + "/prepared", manifest)).hasSize(40);
    } finally {
      cluster.shutdown();
    }
  }

  private static List<EncodedSample> read(
      Configuration hadoop, String path, DatasetManifest manifest) {
    DatasetReader reader = new DatasetReader(hadoop, path, manifest, "train");
    List<EncodedSample> samples = new ArrayList<>();
    try (BlockReader blocks = reader.openBlocks()) {
      for (int block = 0; block < reader.blocks(); block++) {
        samples.addAll(reader.read(blocks, block));
      }
    }
    return samples;
  }
}
