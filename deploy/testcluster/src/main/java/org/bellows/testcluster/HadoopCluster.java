// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.testcluster;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.hdfs.HdfsConfiguration;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.apache.hadoop.yarn.server.MiniYARNCluster;

/**
 * A real HDFS and a real YARN on this machine: a name node, a data node, a resource manager and a
 * node manager in this process, whose containers are processes of their own. Ends when its standard
 * input does.
 */
public final class HadoopCluster implements AutoCloseable {
  /** A folder with Hadoop's site files, for clients; it appears when the cluster is up. */
  public static final String CONFIGURATION = "conf";

  private static final String NAME = "yarn";

  /** Two executors, their driver, and one more while an executor is replaced. */
  private static final int NODE_MEBIBYTES = 10240;

  private static final int NODE_CORES = 8;
  private static final int LEAST_CONTAINER_MEBIBYTES = 256;

  /** Where the servers of one process read what tests of Hadoop set. */
  private static final String TEST_FOLDER = "test.build.data";

  private final MiniDFSCluster hdfs;
  private final MiniYARNCluster yarn;

  private HadoopCluster(MiniDFSCluster hdfs, MiniYARNCluster yarn) {
    this.hdfs = hdfs;
    this.yarn = yarn;
  }

  /**
   * @param arguments the folder of data, logs and {@link #CONFIGURATION}; without spaces, which
   *     YARN's scripts do not take
   */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length != 1 || arguments[0].contains(" ")) {
      throw new IllegalArgumentException("expected one argument, a folder without spaces");
    }
    Path folder = Path.of(arguments[0]).toAbsolutePath();
    System.setProperty(TEST_FOLDER, folder.toString());
    try (HadoopCluster cluster = start(folder)) {
      cluster.writeConfiguration(folder);
      while (System.in.read() >= 0) {
        // The process that started this one is still running.
      }
    }
    // Some of the servers' threads would keep the process.
    System.exit(0);
  }

  private static HadoopCluster start(Path folder) throws IOException {
    Configuration hadoop = new HdfsConfiguration();
    hadoop.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, folder.resolve("hdfs").toString());
    MiniDFSCluster hdfs = new MiniDFSCluster.Builder(hadoop).numDataNodes(1).build();
    hdfs.waitActive();
    MiniYARNCluster yarn = new MiniYARNCluster(NAME, 1, 1, 1);
    YarnConfiguration conf = new YarnConfiguration();
    conf.set(FileSystem.FS_DEFAULT_NAME_KEY, hdfs.getURI().toString());
    conf.setInt("dfs.replication", 1);
    // Else a client that closes a file before it is known to be stored sleeps for 400 ms, for most
    // of many small files.
    conf.setInt("dfs.client.block.write.locateFollowingBlock.initial.delay.ms", 10);
    conf.set(YarnConfiguration.RM_HOSTNAME, "localhost");
    nodes(conf);
    queue(conf);
    yarn.init(conf);
    yarn.start();
    return new HadoopCluster(hdfs, yarn);
  }

  private static void nodes(Configuration conf) {
    conf.setInt(YarnConfiguration.YARN_MINICLUSTER_NM_PMEM_MB, NODE_MEBIBYTES);
    conf.setInt(YarnConfiguration.NM_VCORES, NODE_CORES);
    conf.setInt(YarnConfiguration.RM_SCHEDULER_MINIMUM_ALLOCATION_MB, LEAST_CONTAINER_MEBIBYTES);
    // Java maps far more addresses than it uses; what it uses stays limited.
    conf.setBoolean(YarnConfiguration.NM_VMEM_CHECK_ENABLED, false);
    // A disk that is rather full is no reason to refuse work here.
    conf.setFloat(YarnConfiguration.NM_MAX_PER_DISK_UTILIZATION_PERCENTAGE, 100);
  }

  /** The shaded minicluster lacks capacity-scheduler.xml. */
  private static void queue(Configuration conf) {
    String root = "yarn.scheduler.capacity.root.";
    Map.of(
            root + "queues",
            "default",
            root + "default.capacity",
            "100",
            root + "default.maximum-capacity",
            "100",
            root + "default.user-limit-factor",
            "1",
            root + "default.state",
            "RUNNING",
            root + "default.acl_submit_applications",
            "*",
            root + "default.acl_administer_queue",
            "*",
            // By default half of a single node may hold drivers only after a share is set aside.
            "yarn.scheduler.capacity.maximum-am-resource-percent",
            "0.5",
            "yarn.scheduler.capacity.node-locality-delay",
            "-1")
        .forEach(conf::set);
  }

  /** The settings made here or by the servers, in each file that a client may read last. */
  private void writeConfiguration(Path folder) throws IOException {
    Configuration site = new Configuration(false);
    Configuration own = yarn.getConfig();
    for (Map.Entry<String, String> entry : own) {
      String[] sources = own.getPropertySources(entry.getKey());
      boolean isServersOwn = entry.getValue().contains("StaticMapping");
      if (sources != null && List.of(sources).contains("programmatically") && !isServersOwn) {
        site.set(entry.getKey(), entry.getValue());
      }
    }
    Path unfinished = Files.createDirectories(folder.resolve(CONFIGURATION + ".tmp"));
    for (String file : List.of("core-site.xml", "hdfs-site.xml", "yarn-site.xml")) {
      try (OutputStream out = Files.newOutputStream(unfinished.resolve(file))) {
        site.writeXml(out);
      }
    }
    Files.move(unfinished, folder.resolve(CONFIGURATION));
  }

  @Override
  public void close() {
    yarn.stop();
    hdfs.shutdown();
  }
}
