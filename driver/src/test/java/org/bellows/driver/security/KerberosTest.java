// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.bellows.driver.CommandLine;
import org.bellows.driver.TinyTree;
import org.bellows.driver.command.Bellows;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * An HDFS that asks for Kerberos tickets and encrypts; each command is a process. The last test
 * ends the servers, to get at what it left.
 */
@Tag("slow")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(300)
class KerberosTest {
  @TempDir static Path folder;

  private static Process servers;
  private static String home;

  @BeforeAll
  static void startServers() throws Exception {
    Path raw = TinyTree.render(folder.resolve("raw"));
    List<String> command = java(System.getProperty("java.class.path"));
    command.addAll(List.of(SecureHdfs.class.getName(), folder.toString(), raw.toString()));
    File log = folder.resolve("servers.log").toFile();
    servers = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log).start();
    Path ready = folder.resolve(SecureHdfs.READY);
    while (!Files.exists(ready)) {
      assertThat(servers.isAlive()).as(Files.readString(log.toPath())).isTrue();
      Thread.sleep(100);
    }
    home = Files.readString(ready);
  }

  @AfterAll
  static void stopServers() {
    servers.destroyForcibly();
  }

  private static List<String> java(String classPath) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(JvmOptions.withoutSpark());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx1g"));
    command.addAll(List.of("-cp", classPath));
    return command;
  }

  private static CommandLine.Said bellows(List<String> options, String... arguments)
      throws Exception {
    String krb5 = "-Djava.security.krb5.conf=" + folder.resolve(SecureHdfs.KRB5);
    String site = folder.resolve(SecureHdfs.SITE).getParent().toString();
    List<String> command = java(site + File.pathSeparator + System.getProperty("java.class.path"));
    command.addAll(1, options);
    command.addAll(
        1, List.of(krb5, "-Dspark.executor.extraJavaOptions=-XX:TieredStopAtLevel=1 " + krb5));
    command.add(Bellows.class.getName());
    command.addAll(Arrays.asList(arguments));
    File log = folder.resolve("command.log").toFile();
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log);
    // No ticket of whoever runs this.
    builder.environment().put("KRB5CCNAME", folder.resolve("no-tickets").toString());
    Process process = builder.start();
    assertThat(process.waitFor(200, TimeUnit.SECONDS)).isTrue();
    String said = Files.readString(log.toPath());
    return new CommandLine.Said(process.exitValue(), said, said);
  }

  private static List<String> keytab(String principal) {
    return List.of(
        "-Dspark.kerberos.keytab=" + folder.resolve(SecureHdfs.KEYTAB),
        "-Dspark.kerberos.principal=" + principal);
  }

  private static String[] prepare() {
    return new String[] {
      "prepare",
      "--master=local[1]",
      "--set=cluster.executors=1",
      "--set=source.path=" + home + "/raw",
      "--set=data.path=" + home + "/dataset"
    };
  }

  private static void fails(CommandLine.Said said, String... sentence) {
    assertThat(said.exitCode()).as(said.err()).isEqualTo(4);
    List<String> told = said.err().lines().filter(line -> line.startsWith("bellows: ")).toList();
    assertThat(told).hasSize(1);
    assertThat(told.get(0)).contains(sentence);
    assertThat(said.err()).doesNotContain("\tat ");
  }

  @Test
  @Order(1)
  void withoutTicketOrWithTheWrongNameOneSentenceSaysSo() throws Exception {
    fails(
        bellows(List.of(), prepare()),
        "HDFS wants Kerberos (hadoop.security.authentication = kerberos), and this process has"
            + " neither a ticket (kinit) nor a delegation token; or set spark.kerberos.keytab and"
            + " spark.kerberos.principal");
    fails(
        bellows(keytab("nobody"), prepare()),
        "logging in to Kerberos as nobody with spark.kerberos.keytab "
            + folder.resolve(SecureHdfs.KEYTAB)
            + " failed: ");
  }

  /** The driver has the keytab. Executors of this kind of cluster must be given tokens. */
  @Test
  @Order(2)
  void aKeytabPreparesAndTrains() throws Exception {
    CommandLine.Said prepared = bellows(keytab(SecureHdfs.USER), prepare());
    assertThat(prepared.exitCode()).as(prepared.err()).isZero();
    List<String> options = new ArrayList<>(keytab(SecureHdfs.USER));
    options.add(
        "-Dspark.executorEnv.HADOOP_TOKEN_FILE_LOCATION=" + folder.resolve(SecureHdfs.TOKENS));
    Path overridden = Path.of("/");
    CommandLine.Said trained =
        bellows(
            options,
            TinyTree.train(
                overridden,
                overridden,
                2,
                "--set=train.epochs=1",
                "--set=schedule.warmup=none",
                "--set=data.path=" + home + "/dataset",
                "--set=output.path=" + home + "/run"));
    assertThat(trained.exitCode()).as(trained.err()).isZero();
    Path run = copied().resolve("run");
    assertThat(CommandLine.result(run).get("status")).isEqualTo("succeeded");
    assertThat(run.resolve("checkpoints/step-000000006/MANIFEST.json")).exists();
  }

  private static Path copied() throws IOException, InterruptedException {
    servers.getOutputStream().close();
    assertThat(servers.waitFor()).isZero();
    return folder.resolve(SecureHdfs.COPY);
  }
}
