// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.spark;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.hdfs.HdfsConfiguration;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.bellows.conf.BellowsException;
import org.bellows.conf.Settings;
import org.bellows.data.storage.Storage;

/**
 * Patience with HDFS: a running job waits for a NameNode that restarts, a job that begins does not.
 */
final class HdfsClient {
  private static final String SPARK_PREFIX = "spark.hadoop.";
  private static final String SCHEME = "hdfs";
  private static final String RETRIES = "dfs.client.retry.policy.enabled";
  private static final String TIMEOUTS = "ipc.client.connect.max.retries.on.timeouts";

  /**
   * As it comes, Hadoop's client gives up at the first refused connection and on safe mode, unless
   * the NameNode has a standby. The retries are pairs of a pause in milliseconds, more or less a
   * half, and how often it is made: a minute. The client goes through them once for safe mode; for
   * connections it goes through them again within each of its tries, which makes about six minutes.
   * Where a host does not answer at all, connecting times out after 20 s; 46 times would be too
   * many.
   */
  private static final Map<String, String> DEFAULTS =
      Map.of(RETRIES, "true", "dfs.client.retry.policy.spec", "5000,2,25000,2", TIMEOUTS, "2");

  private HdfsClient() {}

  /** Leaves alone what the Spark configuration or Hadoop's site files say. */
  static void setDefaults(SparkConf conf) {
    Configuration hadoop = hadoop(conf);
    DEFAULTS.forEach(
        (key, value) -> {
          if (isHadoopsOwn(hadoop, key)) {
            conf.set(SPARK_PREFIX + key, value);
          }
        });
  }

  /** The first source is where it was said; on YARN all of it has been through another file. */
  static boolean isHadoopsOwn(Configuration hadoop, String key) {
    String[] sources = hadoop.getPropertySources(key);
    return sources == null || sources.length == 0 || sources[0].endsWith("-default.xml");
  }

  /**
   * @throws BellowsException (infrastructure) at once when a NameNode that the paths lead to does
   *     not answer, is in safe mode, or wants a ticket that is not there
   */
  static void requireReady(SparkConf conf, Settings settings) {
    Configuration hadoop = hadoop(conf);
    hadoop.setBoolean(RETRIES, false);
    hadoop.setInt(TIMEOUTS, 0);
    List<Path> roots =
        List.of(settings.source().path(), settings.data().path(), settings.output().path()).stream()
            .filter(path -> path.startsWith(SCHEME + "://"))
            .map(path -> new Path(Storage.qualify(path), "/"))
            .distinct()
            .toList();
    if (!roots.isEmpty()) {
      KerberosLogin.require(conf);
    }
    roots.forEach(root -> requireReady(hadoop, root));
  }

  private static void requireReady(Configuration hadoop, Path root) {
    try (FileSystem files = FileSystem.newInstance(root.toUri(), hadoop)) {
      if (files instanceof DistributedFileSystem hdfs && hdfs.isInSafeMode()) {
        throw BellowsException.infrastructure(
            "the NameNode of %s is in safe mode, in which nothing can be written; start again when it has left it (hdfs dfsadmin -safemode get)"
                .formatted(root));
      }
    } catch (IOException e) {
      throw Storage.failure("reaching the NameNode of " + root, e);
    }
  }

  /** Site files and what Spark's configuration says of Hadoop. */
  static Configuration hadoop(SparkConf conf) {
    HdfsConfiguration.init();
    return SparkHadoopUtil.get().newConfiguration(conf);
  }
}
