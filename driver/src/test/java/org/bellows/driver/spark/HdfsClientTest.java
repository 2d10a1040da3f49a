// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HdfsClientTest {
  private static final String RETRIES = "dfs.client.retry.policy.enabled";

  @TempDir Path folder;

  @Test
  void aRunningJobWaitsForItsNameNode() {
    SparkConf conf = new SparkConf(false);
    HdfsClient.setDefaults(conf);
    assertThat(conf.get("spark.hadoop." + RETRIES)).isEqualTo("true");
    assertThat(conf.get("spark.hadoop.dfs.client.retry.policy.spec")).isEqualTo("5000,2,25000,2");
    assertThat(conf.get("spark.hadoop.ipc.client.connect.max.retries.on.timeouts")).isEqualTo("2");
  }

  @Test
  void whatTheUserSaidStays() {
    SparkConf conf = new SparkConf(false).set("spark.hadoop." + RETRIES, "false");
    HdfsClient.setDefaults(conf);
    assertThat(conf.get("spark.hadoop." + RETRIES)).isEqualTo("false");
  }

  /** Also when it has been through a file that holds all of Hadoop's defaults, as on YARN. */
  @Test
  void whatASiteFileSaysStays() throws IOException {
    Configuration site = new Configuration(false);
    Path file = folder.resolve("site.xml");
    Files.writeString(
        file,
        """
        <configuration>
          <property><name>%s</name><value>false</value><source>hdfs-default.xml</source></property>
          <property><name>%s.other</name><value>1</value><source>hdfs-site.xml</source></property>
          <property><name>%s.third</name><value>1</value></property>
        </configuration>
        """
            .formatted(RETRIES, RETRIES, RETRIES));
    site.addResource(new org.apache.hadoop.fs.Path(file.toUri()));
    assertThat(HdfsClient.isHadoopsOwn(site, RETRIES)).isTrue();
    assertThat(HdfsClient.isHadoopsOwn(site, RETRIES + ".other")).isFalse();
    assertThat(HdfsClient.isHadoopsOwn(site, RETRIES + ".third")).isFalse();
    assertThat(HdfsClient.isHadoopsOwn(site, "never.said")).isTrue();
  }
}
