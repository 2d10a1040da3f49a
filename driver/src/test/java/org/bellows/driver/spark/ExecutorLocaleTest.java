// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("integration")
class ExecutorLocaleTest {
  private static final Path DEPLOY = Path.of("../deploy");

  @Test
  void executorsGetALocaleOfUtf8() {
    assertThat(ofExecutors(Map.of())).isEqualTo("C.UTF-8");
    assertThat(ofExecutors(Map.of("LC_ALL", "C"))).isEqualTo("C.UTF-8");
    assertThat(ofExecutors(Map.of("LC_ALL", "de_DE.ISO-8859-1"))).isEqualTo("C.UTF-8");
    assertThat(ofExecutors(Map.of("LC_ALL", "en_US.utf8"))).isEqualTo("en_US.utf8");
    SparkConf conf = new SparkConf(false).set("spark.executorEnv.LC_ALL", "C");
    ExecutorLocale.setDefault(conf, Map.of());
    assertThat(conf.get("spark.executorEnv.LC_ALL")).isEqualTo("C");
  }

  /** Under cron, say. C.UTF-8 is there on every machine that can run this. */
  @Test
  void theLauncherGivesItsProcessALocaleOfUtf8() throws IOException {
    assertThat(afterTheLauncher(Map.of())).isEqualTo("C.UTF-8");
    assertThat(afterTheLauncher(Map.of("LC_ALL", "C"))).isEqualTo("C.UTF-8");
    assertThat(afterTheLauncher(Map.of("LANG", "POSIX"))).isEqualTo("C.UTF-8");
    assertThat(afterTheLauncher(Map.of("LC_ALL", "xx_XX.UTF-8")))
        .as("a locale that is not installed")
        .endsWith("C.UTF-8");
    assertThat(afterTheLauncher(Map.of("LANG", "C.UTF-8"))).as("left as it is").isEmpty();
    assertThat(DEPLOY.resolve("bin/environment.sh")).content().contains("/locale.sh\"");
  }

  @Test
  void schedulesAndTargetsNameOne() {
    for (String file :
        new String[] {
          "schedules/cron/bellows-retrain",
          "schedules/systemd/bellows-retrain.service",
          "schedules/airflow/bellows_retrain_submit.py",
          "targets/yarn/spark-defaults.conf",
          "targets/kubernetes/Containerfile"
        }) {
      assertThat(DEPLOY.resolve(file)).content().containsPattern("LC_ALL\\W+C\\.UTF-8");
    }
  }

  private static String ofExecutors(Map<String, String> environment) {
    SparkConf conf = new SparkConf(false);
    ExecutorLocale.setDefault(conf, environment);
    return conf.get("spark.executorEnv.LC_ALL");
  }

  private static String afterTheLauncher(Map<String, String> environment) throws IOException {
    ProcessBuilder bash =
        new ProcessBuilder("bash", "-c", ". ../deploy/bin/locale.sh; echo \"$LC_ALL\"");
    bash.environment().keySet().removeIf(name -> name.startsWith("LC_") || name.equals("LANG"));
    bash.environment().putAll(environment);
    bash.redirectError(ProcessBuilder.Redirect.DISCARD);
    byte[] said = bash.start().getInputStream().readAllBytes();
    return new String(said, StandardCharsets.UTF_8).strip();
  }
}
