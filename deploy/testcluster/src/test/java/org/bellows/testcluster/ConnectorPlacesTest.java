// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.testcluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The places that {@code docs/object-stores.md} names for connectors are on class paths. */
class ConnectorPlacesTest {
  private static final Bundle BUNDLE = Bundle.built();
  private static final String IN_IMAGE = "/opt/bellows/lib";

  @TempDir Path folder;

  @Test
  void theLauncherAppendsTheClassPathOfTheEnvironment() throws Exception {
    Path java = Files.createDirectories(folder.resolve("java/bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
    Files.writeString(folder.resolve("java/release"), "JAVA_VERSION=\"17.0.1\"\n");
    ProcessBuilder builder = new ProcessBuilder(BUNDLE.file("bin/bellows").toString(), "models");
    builder
        .environment()
        .putAll(
            Map.of(
                "JAVA_HOME",
                folder.resolve("java").toString(),
                "BELLOWS_WORK_DIR",
                folder.resolve("work").toString(),
                "BELLOWS_CLASS_PATH",
                "/opt/connectors/*:/etc/hadoop/conf"));
    Process launcher = builder.redirectErrorStream(true).start();
    assertThat(launcher.getInputStream())
        .asString(StandardCharsets.UTF_8)
        .contains(
            BUNDLE.file("lib")
                + "/*:"
                + BUNDLE.file("spark/jars")
                + "/*:/opt/connectors/*:/etc/hadoop/conf\n");
  }

  @Test
  void theImageAndItsPodsHaveWhatIsInLib() throws IOException {
    assertThat(BUNDLE.file("targets/kubernetes/Containerfile"))
        .content()
        .contains("\nCOPY lib " + IN_IMAGE + "\n");
    Properties properties = properties("targets/kubernetes/spark-defaults.conf");
    for (String role : new String[] {"driver", "executor"}) {
      assertThat(properties.getProperty("spark." + role + ".extraClassPath"))
          .isEqualTo(IN_IMAGE + "/*");
    }
  }

  @Test
  void standaloneExecutorsHaveWhatIsInLib() {
    for (String role : new String[] {"driver", "executor"}) {
      assertThat(BUNDLE.file("targets/standalone/submit"))
          .content()
          .contains("--conf \"spark.%s.extraClassPath=$bellows_bundle/lib/*\"".formatted(role));
    }
  }

  /** Each target says where its connectors go. */
  @Test
  void targetsReferToThePage() {
    for (String target : new String[] {"local", "standalone", "yarn", "kubernetes"}) {
      assertThat(BUNDLE.file("targets/" + target + "/README.md"))
          .content()
          .contains("object-stores.md");
    }
  }

  private static Properties properties(String file) throws IOException {
    Properties properties = new Properties();
    try (Reader in = Files.newBufferedReader(BUNDLE.file(file))) {
      properties.load(in);
    }
    return properties;
  }
}
