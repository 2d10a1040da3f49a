// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.bellows.conf.load.SettingsLoader;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("integration")
@Timeout(600)
class DryRunTest {
  @TempDir static Path folder;

  private static Path dataset;

  @BeforeAll
  static void prepare() {
    dataset = TinyTree.prepare(folder);
  }

  /** Planned for two executors of this machine, run in this process. */
  private static CommandLine.Said train(Path data, Path run, String... more) {
    if (Arrays.asList(more).contains("--dry-run")) {
      return CommandLine.run(TinyTree.train(data, run, 2, more));
    }
    String[] args = TinyTree.train(data, run, 1, more);
    String[] local = Arrays.copyOf(args, args.length + 1);
    local[args.length] = "--master=local[1]";
    return CommandLine.run(local);
  }

  /** 144 images in batches of 24: 6 steps; warmup 1 epoch; 6 lanes on 2 executors. */
  @Test
  void saysWhatTheRunWillBeAndDrawsItsRate() throws IOException {
    Path run = folder.resolve("planned");
    CommandLine.Said said = train(dataset, run, "--dry-run", "--set=train.global-batch=24");
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(said.out())
        .containsPattern("network +lenet5\n")
        .containsPattern("input +3x32x32\n")
        .containsPattern("classes +8\n")
        .containsPattern("global batch +24 = 6 lanes x 4\n")
        .containsPattern("executors +2, with up to 3 lanes each\n")
        .containsPattern("training images +144\n")
        .containsPattern("steps +6 x 3 epochs = 18\n")
        .containsPattern("optimizer +nesterov, state arrays: 1\n")
        .containsPattern("learning rate, first step +0\\.009375\n")
        .containsPattern("learning rate after the warmup +0\\.009375 from epoch 1\\.000 on\n")
        .containsPattern(
            "warmup +has no effect: the scaled rate is not above schedule\\.base-lr \\(0\\.1000\\);"
                + " schedule\\.base-batch is 256, and schedule\\.scaling is linear\n")
        .contains(run.resolve("plan.html").toString());
    try (Stream<Path> files = Files.list(run)) {
      assertThat(files.map(file -> file.getFileName().toString()).filter(f -> !f.startsWith(".")))
          .containsExactly("plan.html");
    }
    assertThat(Files.readString(run.resolve("plan.html"))).contains("<svg", "lenet5", "144");
    CommandLine.Said trained = train(dataset, run);
    assertThat(trained.exitCode()).as(trained.err()).isZero();
    assertThat(CommandLine.metric(run, "steps")).isEqualTo(18);
  }

  /** Momentum travels with the parameters. */
  @Test
  void saysHowOftenLanesAreAveragedAndWhatThatSends() {
    Path run = folder.resolve("averaged");
    double everyStep = megabytes(train(dataset, run, "--dry-run"), "sent by an executor in a step");
    CommandLine.Said said =
        train(dataset, run, "--dry-run", "--set=sync.mode=averaging", "--set=sync.period-steps=2");
    assertThat(said.out())
        .containsPattern("lanes are averaged +every 2 steps and at the end of an epoch\n");
    assertThat(megabytes(said, "sent by an executor each time"))
        .isCloseTo(2 * everyStep, withinPercentage(1));
  }

  /**
   * Two of four executors on a host send what one of two would: half of the sums and half of the
   * parameters, where each of four on hosts of their own sends three quarters of both. Slices are
   * whole blocks, so it is not quite so.
   */
  @Test
  void saysWhatLeavesAHost() {
    CommandLine.Said said =
        train(
            dataset,
            folder.resolve("hosts"),
            "--dry-run",
            "--master=local-cluster[4,1,1024]",
            "--set=cluster.executors=4",
            "--set=train.lane-batch=6");
    Matcher line =
        Pattern.compile("of it to other hosts, by a host +([\\d.]+) MB with 2 executors on it\n")
            .matcher(said.out());
    assertThat(line.find()).as(said.out() + said.err()).isTrue();
    assertThat(Double.parseDouble(line.group(1)))
        .isCloseTo(megabytes(said, "sent by an executor in a step") * 2 / 3, withinPercentage(2));
  }

  private static double megabytes(CommandLine.Said said, String label) {
    Matcher line = Pattern.compile(label + " +([\\d.]+) MB at most").matcher(said.out());
    assertThat(line.find()).as(said.out() + said.err()).isTrue();
    return Double.parseDouble(line.group(1));
  }

  /** LeNet-5 rounds what it sends: beside momentum, the parameters before rounding are saved. */
  @Test
  void saysHowLargeACheckpointIs() throws IOException {
    Path run = folder.resolve("rounded");
    String[] rounded = {"--set=sync.communication-dtype=float16", "--set=train.epochs=1"};
    CommandLine.Said said = train(dataset, run, with("--dry-run", rounded));
    Matcher told = Pattern.compile("checkpoint +([\\d.]+) MB\n").matcher(said.out());
    assertThat(told.find()).as(said.out() + said.err()).isTrue();
    assertThat(train(dataset, run, rounded).exitCode()).isZero();
    Path checkpoint = run.resolve("checkpoints/step-000000006");
    long bytes =
        Files.size(checkpoint.resolve("parameters.bin"))
            + Files.size(checkpoint.resolve("optimizer.bin"));
    assertThat(Double.parseDouble(told.group(1)) * 1e6)
        .isCloseTo((double) bytes, withinPercentage(0.1));
  }

  private static String[] with(String first, String... more) {
    return Stream.concat(Stream.of(first), Stream.of(more)).toArray(String[]::new);
  }

  @Test
  void aRunThatIsThereIsLeftAlone() throws IOException {
    Path run = folder.resolve("there");
    assertThat(train(dataset, run, "--set=train.epochs=1").exitCode()).isZero();
    CommandLine.Said said = train(dataset, run, "--set=train.epochs=1", "--dry-run");
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(said.out()).contains("not written: ", " holds a run, which train would resume");
    assertThat(run.resolve("plan.html")).doesNotExist();
    assertThat(CommandLine.result(run).get("status")).isEqualTo("succeeded");
    CommandLine.Said other = train(dataset, run, "--set=train.epochs=2", "--dry-run");
    assertThat(other.exitCode()).isEqualTo(2);
    assertThat(other.err()).contains("train.epochs: is 2, but the run in ");
  }

  @Test
  void findsWhatTrainWouldFind() throws IOException {
    Path run = folder.resolve("wrong");
    assertThat(train(folder.resolve("no-data"), run, "--dry-run").exitCode()).isEqualTo(3);
    CommandLine.Said small = train(dataset, run, "--dry-run", "--set=train.global-batch=4800");
    assertThat(small.exitCode()).isEqualTo(3);
    assertThat(small.err()).contains("fewer than one global batch of 4800");
    assertThat(train(dataset, run, "--dry-run", "--set=train.lane-batch=5").exitCode())
        .isEqualTo(2);
    assertThat(run).doesNotExist();
    Path occupied = Files.createDirectory(folder.resolve("occupied"));
    Files.writeString(occupied.resolve("beach.txt"), "sand");
    assertThat(train(dataset, occupied, "--dry-run").exitCode()).isEqualTo(2);
    assertThat(occupied.resolve("plan.html")).doesNotExist();
  }

  static List<String> profiles() {
    return SettingsLoader.profiles();
  }

  /** Without a dataset: every recipe is checked as it is shipped. */
  @ParameterizedTest
  @MethodSource("profiles")
  void everyRecipeCanBePlanned(String profile) {
    CommandLine.Said said = CommandLine.run("train", "--dry-run", "--profile=" + profile);
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(said.out()).containsPattern("steps +unknown without data.path; epochs: \\d+\n");
  }
}
