// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.launcher.SparkLauncher;
import org.bellows.driver.command.Bellows;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The image's entrypoint; {@code ExecutorPodsTest} has executors. */
@Tag("integration")
@Tag("lines")
class EntrypointTest {
  @TempDir Path folder;
  private SubmitScript scripts;

  @BeforeEach
  void bundle() throws IOException {
    scripts = new SubmitScript(folder);
  }

  /** As Spark's driver pods do: arguments of spark-submit, the settings in a file. */
  @Test
  void aDriverIsStartedWithItsPropertiesAndEndsWithItsExitCode() throws Exception {
    Path launcher =
        Path.of(SparkLauncher.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Files.copy(launcher, folder.resolve("bundle/spark/jars/spark-launcher.jar"));
    Path properties =
        Files.writeString(
            folder.resolve("spark.properties"),
            """
            spark.master=local[1]
            spark.driver.memory=300m
            spark.driver.extraJavaOptions=-XshowSettings:vm -Dorg.bytedeco.javacpp.maxbytes=1g
            spark.driver.extraClassPath=%s
            """
                .formatted(System.getProperty("java.class.path")));
    Map<String, String> environment =
        Map.of(
            "JAVA_HOME", System.getProperty("java.home"), "SPARK_DRIVER_BIND_ADDRESS", "127.0.0.1");
    SubmitScript.Ended ended =
        scripts.run(
            "targets/kubernetes/entrypoint.sh",
            environment,
            "driver",
            "--properties-file",
            properties.toString(),
            "--class",
            Bellows.class.getName(),
            "local://" + folder.resolve("bundle/lib/bellows-driver-1.jar"),
            "models",
            "--no-such-option");
    assertThat(ended.exitCode()).as(ended.said()).isEqualTo(2);
    assertThat(ended.said())
        .contains("Max. Heap Size: 300.00M")
        .contains("Unknown option: '--no-such-option'");
  }

  @Test
  void anythingElseIsRunAsItIs() throws Exception {
    SubmitScript.Ended ended =
        scripts.run(
            "targets/kubernetes/entrypoint.sh", Map.of(), "bash", "-c", "echo here; exit 7");
    assertThat(ended.exitCode()).isEqualTo(7);
    assertThat(ended.said()).isEqualTo("here\n");

    ended = scripts.run("targets/kubernetes/entrypoint.sh", Map.of());
    assertThat(ended.exitCode()).isEqualTo(1);
    assertThat(ended.said())
        .isEqualTo("bellows: entrypoint.sh needs driver, executor or a program\n");
  }

  /** nightly goes on to retrain only when prepare ended well, and ends with what ended it. */
  @Test
  void aNightPreparesTheDaysDatasetAndRetrainsOnIt() throws Exception {
    Path log = folder.resolve("log");
    scripts.tool(
        "bellows", "#!/bin/bash\necho \"$*\" >>\"$LOG\"\n[ $1 != \"$FAILS\" ] || exit 3\n");
    Map<String, String> night =
        Map.of(
            "BELLOWS", "bellows",
            "BELLOWS_SOURCE", "hdfs://host/images",
            "BELLOWS_DATASETS", "hdfs://host/data",
            "BELLOWS_PROFILE", "objects.conf",
            "BELLOWS_DAY", "2026-11-22",
            "LOG", log.toString());
    Map<String, String> good = new TreeMap<>(night);
    good.put("FAILS", "none");
    assertThat(scripts.run("schedules/nightly", good).exitCode()).isZero();
    assertThat(Files.readAllLines(log))
        .containsExactly(
            "prepare --set source.path=hdfs://host/images --set"
                + " data.path=hdfs://host/data/2026-11-22",
            "retrain --profile objects.conf --set data.path=hdfs://host/data/2026-11-22");

    Files.delete(log);
    Map<String, String> bad = new TreeMap<>(night);
    bad.put("FAILS", "prepare");
    assertThat(scripts.run("schedules/nightly", bad).exitCode()).isEqualTo(3);
    assertThat(Files.readAllLines(log)).hasSize(1);

    SubmitScript.Ended ended = scripts.run("schedules/nightly", Map.of());
    assertThat(ended.exitCode()).isEqualTo(1);
    assertThat(ended.said()).contains("BELLOWS_SOURCE: where the images are");
  }
}
