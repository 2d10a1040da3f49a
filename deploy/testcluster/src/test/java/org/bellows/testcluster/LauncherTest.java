// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.testcluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code bin/bellows} does before it starts Java. */
class LauncherTest {
  /** Builds a bundle of two jars, whose name is the profile, beside those that are there. */
  private static final String MAVEN =
      """
      #!/bin/bash
      profile=usual
      for word; do case $word in -P*) profile=${word#-P} ;; esac; done
      bundle=deploy/target/bellows
      mkdir -p "$bundle/lib" "$bundle/spark/jars"
      touch "$bundle/lib/$profile.jar" "$bundle/spark/jars/spark-core_2.12-3.5.jar"
      echo "$profile" >>built
      """;

  @TempDir Path tree;

  /** Java would end in the midst of loading a class, with a trace. */
  @Test
  void tooFewFilesAreASentence() throws IOException, InterruptedException {
    Process launcher =
        new ProcessBuilder("bash", "-c", "ulimit -n 120 && exec \"$0\" --version", launcher())
            .redirectErrorStream(true)
            .start();
    String said = new String(launcher.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(launcher.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(said)
        .isEqualTo(
            "bellows: a process may open 120 files here (ulimit -Hn), needed are 1024 or more\n");
    assertThat(launcher.exitValue()).isEqualTo(4);
  }

  /** The folder of the bundle is one for all variants of PyTorch's libraries. */
  @Test
  void theBundleHoldsTheVariantThatIsAskedFor() throws IOException, InterruptedException {
    Path bin = Files.createDirectories(tree.resolve("deploy/bin"));
    for (String script : new String[] {"environment.sh", "locale.sh"}) {
      Files.copy(Path.of("../bin").resolve(script), bin.resolve(script));
    }
    Path tool = Files.createDirectory(tree.resolve("tools")).resolve("mvn");
    Files.writeString(tool, MAVEN);
    Files.setPosixFilePermissions(tool, PosixFilePermissions.fromString("rwx------"));

    assertThat(bundleOf("none")).containsExactly("usual.jar");
    assertThat(bundleOf("gpu")).containsExactly("gpu.jar");
    assertThat(bundleOf("gpu")).containsExactly("gpu.jar");
    assertThat(bundleOf("none")).containsExactly("usual.jar");
    assertThat(bundleOf("cpu")).containsExactly("torch.jar");
    assertThat(Files.readAllLines(tree.resolve("built")))
        .containsExactly("usual", "gpu", "usual", "torch");
  }

  /** Spark names what two starts of one second do alike, and the second cannot make its folder. */
  @Test
  void eachStartHasASparkHomeOfItsOwn() throws IOException, InterruptedException {
    Path java = Files.createDirectories(tree.resolve("java/bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\necho $SPARK_HOME\n");
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
    Files.writeString(tree.resolve("java/release"), "JAVA_VERSION=\"17.0.1\"\n");
    Path work = tree.resolve("work");
    Path empty = Files.createDirectories(work.resolve("spark-1-0/work")).getParent();
    Path used = Files.createDirectories(work.resolve("spark-2-0/work/app-1")).resolve("../..");
    Path old = Files.createDirectories(work.resolve("spark-3-0/work/app-1")).resolve("../..");
    age(empty, 2);
    age(used, 2);
    age(old, 9);

    Path first = home(work);
    Path second = home(work);
    assertThat(second).isNotEqualTo(first);
    assertThat(first.resolve("jars")).isDirectory();
    assertThat(second.resolve("work")).isEmptyDirectory();
    assertThat(work.resolve("spark-2-0/work/app-1")).isDirectory();
    assertThat(work.resolve("spark-1-0")).doesNotExist();
    assertThat(work.resolve("spark-3-0")).doesNotExist();
  }

  private static void age(Path home, int days) throws IOException {
    Files.setLastModifiedTime(
        home, FileTime.from(Instant.now().minus(days, ChronoUnit.DAYS).minusSeconds(60)));
  }

  private Path home(Path work) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(launcher(), "--version").redirectErrorStream(true);
    builder.environment().put("JAVA_HOME", tree.resolve("java").toString());
    builder.environment().put("BELLOWS_WORK_DIR", work.toString());
    Process script = builder.start();
    String said = new String(script.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(script.waitFor()).as(said).isZero();
    return Path.of(said.strip());
  }

  private String[] bundleOf(String variant) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(
            "bash", "-c", "set -euo pipefail; cd \"$0\"; . deploy/bin/environment.sh", "" + tree);
    builder.environment().merge("PATH", tree.resolve("tools") + ":", (old, ours) -> ours + old);
    builder.environment().put("BELLOWS_TORCH", variant);
    builder.environment().remove("BELLOWS_SPARK");
    Process script = builder.redirectErrorStream(true).start();
    String said = new String(script.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(script.waitFor()).as(said).isZero();
    try (Stream<Path> jars = Files.list(tree.resolve("deploy/target/bellows/lib"))) {
      return jars.map(jar -> jar.getFileName().toString()).toArray(String[]::new);
    }
  }

  private static String launcher() {
    return Bundle.built().file("bin/bellows").toString();
  }
}
