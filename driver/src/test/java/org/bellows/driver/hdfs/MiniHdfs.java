// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.hdfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.hdfs.DFSTestUtil;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.hdfs.protocol.LocatedBlock;
import org.apache.hadoop.hdfs.server.namenode.NameNodeRpcServer;
import org.bellows.driver.CommandLine;
import org.bellows.driver.TinyTree;
import org.bellows.testing.HdfsPauses;
import org.bellows.worker.files.Json;

/**
 * A real HDFS in this JVM with three datanodes, whose servers can be stopped and disks spoilt, and
 * commands that work on it. Its own client is not the one that commands get: theirs has the
 * settings that Bellows gives it. Both pause for less long than usual.
 */
final class MiniHdfs implements AutoCloseable {
  private static final int DATA_NODES = 3;

  private final MiniDFSCluster cluster;
  private final DistributedFileSystem files;

  MiniHdfs(Path folder) throws IOException {
    Configuration hadoop = new Configuration();
    hadoop.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, folder.toString());
    HdfsPauses.shorten(hadoop);
    cluster = new MiniDFSCluster.Builder(hadoop).numDataNodes(DATA_NODES).build();
    cluster.waitActive();
    files = (DistributedFileSystem) cluster.getNewFileSystemInstance(0);
    HdfsPauses.shortenInProperties();
  }

  MiniDFSCluster cluster() {
    return cluster;
  }

  /**
   * As when its process is killed: nothing is answered from then on. In this process it would close
   * its journal first and answer writes that still come with an error of its own, which a NameNode
   * that runs by itself does not.
   */
  void killNameNode() {
    ((NameNodeRpcServer) cluster.getNameNodeRpc()).getClientRpcServer().stop();
    cluster.shutdownNameNode(0);
  }

  DistributedFileSystem files() {
    return files;
  }

  /** The address of an absolute path. */
  String at(String path) {
    return files.getUri() + path;
  }

  static org.apache.hadoop.fs.Path path(String path) {
    return new org.apache.hadoop.fs.Path(path);
  }

  void upload(Path from, String to) throws IOException {
    files.copyFromLocalFile(new org.apache.hadoop.fs.Path(from.toUri()), path(to));
  }

  /** A folder that everybody may write to. */
  void openFolder(String folder) throws IOException {
    files.mkdirs(path(folder));
    allow(folder, 0777);
  }

  void allow(String path, int mode) throws IOException {
    files.setPermission(path(path), new FsPermission((short) mode));
  }

  CommandLine.Said prepare(String source, String data) {
    return CommandLine.run(
        "prepare",
        "--master=local[1]",
        "--set=cluster.executors=1",
        "--set=source.path=" + at(source),
        "--set=data.path=" + at(data));
  }

  /** In this process, where there is one executor. */
  CommandLine.Said train(String data, String run, int executors, String... more) {
    List<String> args = new ArrayList<>(List.of(more));
    args.add("--set=data.path=" + at(data));
    args.add("--set=output.path=" + at(run));
    if (executors == 1) {
      args.add("--master=local[1]");
    }
    Path overridden = Path.of("/");
    return CommandLine.run(
        TinyTree.train(overridden, overridden, executors, args.toArray(String[]::new)));
  }

  Object metric(String folder, String name) throws IOException {
    try (InputStream in = files.open(path(folder + "/result.json"))) {
      Map<?, ?> result = Json.read(in.readAllBytes(), Map.class, folder);
      return ((Map<?, ?>) result.get("metrics")).get(name);
    }
  }

  boolean hasCheckpoint(String run, long step) throws IOException {
    return files.exists(path(run + "/checkpoints/step-%09d/MANIFEST.json".formatted(step)));
  }

  void awaitCheckpoint(String run, long step) throws IOException, InterruptedException {
    for (int i = 0; i < 2400 && !hasCheckpoint(run, step); i++) {
      Thread.sleep(50);
    }
    assertThat(hasCheckpoint(run, step)).as("checkpoint of step " + step).isTrue();
  }

  /** The first file of a folder whose name begins so. */
  String find(String folder, String prefix) throws IOException {
    for (FileStatus status : files.listStatus(path(folder))) {
      if (status.getPath().getName().startsWith(prefix)) {
        return folder + "/" + status.getPath().getName();
      }
    }
    throw new IllegalStateException("nothing in " + folder + " begins with " + prefix);
  }

  /** Spoils replicas of each block of a file where they lie on the datanodes' disks. */
  void corrupt(String file, int replicas) throws IOException {
    List<LocatedBlock> blocks;
    try (FSDataInputStream in = files.open(path(file))) {
      blocks = DFSTestUtil.getAllBlocks(in);
    }
    for (LocatedBlock block : blocks) {
      assertThat(block.getLocations().length).isGreaterThanOrEqualTo(replicas);
      for (int i = 0; i < replicas; i++) {
        cluster.corruptReplica(
            cluster.getDataNode(block.getLocations()[i].getIpcPort()), block.getBlock());
      }
    }
  }

  /** All replicas. */
  void corrupt(String file) throws IOException {
    corrupt(file, DATA_NODES);
  }

  @Override
  public void close() throws IOException {
    HdfsPauses.restoreProperties();
    files.close();
    cluster.shutdown();
    FileSystem.closeAll();
  }
}
