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

  /** More than any process's number can be. */
  private static final String ENDED = "4194305";

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
    fakeJava();
    Path work = tree.resolve("work");
    Path first = home(work);
    Path second = home(work);
    assertThat(second).isNotEqualTo(first);
    assertThat(first.resolve("jars")).isDirectory();
    assertThat(second.resolve("work")).isEmptyDirectory();
    assertThat(Files.getPosixFilePermissions(second))
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
  }

  @Test
  void homesOfProcessesThatHaveEndedAreRemoved() throws IOException, InterruptedException {
    fakeJava();
    Path work = Files.createDirectory(tree.resolve("disk"));
    // Also where the setting is a link.
    Path link = Files.createSymbolicLink(tree.resolve("work"), work);
    String ended = ENDED + " " + host();
    Path empty = aged(2, used(work, "bellows-home-1-a", "work", ended));
    Path used = aged(2, used(work, "bellows-home-1-b", "work/app-1", ended));
    Path old = aged(9, used(work, "bellows-home-1-c", "work/app-1", ended));
    String runs = ProcessHandle.current().pid() + " " + host();
    Path running = aged(9, used(work, "bellows-home-1-d", "work/app-1", runs));

    home(link);
    assertThat(empty).doesNotExist();
    assertThat(used.resolve("work/app-1")).isDirectory();
    assertThat(old).doesNotExist();
    assertThat(running.resolve("work/app-1")).isDirectory();
  }

  /** Users may name a folder in which other things lie, or that several machines share. */
  @Test
  void whatIsNotThisMachinesOwnIsLeftAlone() throws IOException, InterruptedException {
    fakeJava();
    Path work = Files.createDirectory(tree.resolve("work"));
    Path spark = aged(9, Files.createDirectory(work.resolve("spark-3.5.1-bin-hadoop3")));
    Path local =
        aged(9, Files.createDirectory(work.resolve("spark-0b6f0f3c-57e4-4c43-9a3f-2f1f2a5b9c11")));
    Path unmarked = aged(9, Files.createDirectories(work.resolve("bellows-home-2/work")));
    aged(9, unmarked.getParent());
    Path elsewhere =
        aged(9, used(work, "bellows-home-1-e", "work", ENDED + " elsewhere." + host()));
    Path files = Files.createDirectory(tree.resolve("files"));
    Path pointed = aged(9, used(files, "bellows-home-1-f", "work", ENDED + " " + host()));
    Files.createSymbolicLink(work.resolve("bellows-home-1-f"), pointed);

    home(work);
    assertThat(spark).isDirectory();
    assertThat(local).isDirectory();
    assertThat(unmarked).isDirectory();
    assertThat(elsewhere.resolve("work")).isDirectory();
    assertThat(pointed.resolve("work")).isDirectory();
  }

  private void fakeJava() throws IOException {
    Path java = Files.createDirectories(tree.resolve("java/bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\necho $SPARK_HOME\n");
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
    Files.writeString(tree.resolve("java/release"), "JAVA_VERSION=\"17.0.1\"\n");
  }

  /** As the launcher leaves it. */
  private static Path used(Path work, String name, String inside, String started)
      throws IOException {
    Path home = Files.createDirectory(work.resolve(name));
    Files.createDirectories(home.resolve(inside));
    Files.writeString(home.resolve("started"), started + "\n");
    return home;
  }

  private static String host() throws IOException, InterruptedException {
    Process uname = new ProcessBuilder("uname", "-n").start();
    String name = new String(uname.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(uname.waitFor()).isZero();
    return name.strip();
  }

  private static Path aged(int days, Path folder) throws IOException {
    Instant then = Instant.now().minus(days, ChronoUnit.DAYS).minusSeconds(60);
    return Files.setLastModifiedTime(folder, FileTime.from(then));
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
