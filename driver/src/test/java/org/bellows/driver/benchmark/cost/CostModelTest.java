// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.benchmark.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bellows.driver.CommandLine;
import org.bellows.driver.benchmark.cost.CostModel.Algorithm;
import org.bellows.driver.benchmark.cost.CostModel.Measured;
import org.bellows.driver.benchmark.cost.CostModel.Network;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("integration")
class CostModelTest {
  private static final CostModel MODEL = new CostModel(100e-6, 1e-9);

  @TempDir Path folder;

  /** 3 ranks on 2 processors: 12 messages of 0.1 ms and 4 MB of 1 ns, by two. */
  @Test
  void anExchangeOnOneMachineWorkedByHand() {
    assertThat(MODEL.seconds(new Measured(3, 1e6, 0), 2))
        .isCloseTo((12 * 100e-6 + 4e6 * 1e-9) / 2, within(1e-12));
  }

  /** 8 ranks, 8 MB, 1 GB/s: 14 MB in each direction are 14 ms. */
  @Test
  void exchangesOnMachinesOfTheirOwnWorkedByHand() {
    Network network = new Network(50e-6, 1e9);
    assertThat(MODEL.seconds(Algorithm.DIRECT, 8, 8e6, network))
        .isCloseTo(14 * 100e-6 + 2 * 50e-6 + 14e-3, within(1e-9));
    assertThat(MODEL.seconds(Algorithm.RING, 8, 8e6, network))
        .isCloseTo(14 * 150e-6 + 14e-3, within(1e-9));
    assertThat(MODEL.seconds(Algorithm.HALVING_DOUBLING, 8, 8e6, network))
        .isCloseTo(6 * 150e-6 + 14e-3, within(1e-9));
    Network slow = new Network(50e-6, 0.5e9);
    assertThat(MODEL.seconds(Algorithm.DIRECT, 8, 8e6, slow))
        .isCloseTo(14 * 100e-6 + 2 * 50e-6 + 28e-3, within(1e-9));
  }

  @Test
  void theFitFindsTheConstantsThatMeasurementsWereMadeOf() {
    List<Measured> measured = new ArrayList<>();
    for (int ranks = 2; ranks <= 8; ranks++) {
      for (double bytes : new double[] {1e6, 50e6}) {
        measured.add(new Measured(ranks, bytes, MODEL.seconds(new Measured(ranks, bytes, 0), 2)));
      }
    }
    CostModel fitted = CostModel.fit(measured, 2);
    assertThat(fitted.messageSeconds()).isCloseTo(100e-6, within(1e-10));
    assertThat(fitted.byteSeconds()).isCloseTo(1e-9, within(1e-15));
    assertThatThrownBy(() -> CostModel.fit(measured.subList(0, 1), 2))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** y = 2 x + 1 with errors +e, -2e, +e, which are at right angles to both columns. */
  @Test
  void leastSquaresWorkedByHand() {
    double[] solution =
        LeastSquares.solve(new double[][] {{0, 1}, {1, 1}, {2, 1}}, new double[] {1.25, 2.5, 5.25});
    assertThat(solution[0]).isCloseTo(2, within(1e-9));
    assertThat(solution[1]).isCloseTo(1, within(1e-9));
  }

  @Test
  void waitingForTheSlowestGrowsWithTheirNumber() {
    assertThat(CostModel.slowest(2, 0, 100)).isEqualTo(2);
    assertThat(CostModel.slowest(2, 0.1, 1)).isEqualTo(2);
    assertThat(CostModel.slowest(2, 0.1, 100)).isCloseTo(2 + 0.2 * 3.0349, within(1e-4));
  }

  /** Seconds that fall faster than the bytes, and seconds that fall where bytes rise. */
  @Test
  void noConstantIsLessThanNothing() {
    List<Measured> measured =
        List.of(
            new Measured(2, 1e6, 0.9e-3), new Measured(2, 2e6, 2e-3), new Measured(2, 4e6, 4e-3));
    CostModel fitted = CostModel.fit(measured, 2);
    assertThat(fitted.messageSeconds()).isZero();
    // Rows 1 / 0.9, 1, 1 in units of a nanosecond a byte: the sum of them by that of their squares.
    assertThat(fitted.byteSeconds())
        .isCloseTo(1e-9 * (1 / 0.9 + 2) / (1 / 0.81 + 2), within(1e-15));
    fitted = CostModel.fit(List.of(new Measured(2, 1e6, 2e-3), new Measured(2, 2e6, 1e-3)), 2);
    assertThat(fitted.byteSeconds()).isZero();
    // Rows 1 and 2 in units of a millisecond a message.
    assertThat(fitted.messageSeconds()).isCloseTo(1e-3 * 3 / 5, within(1e-12));
  }

  private static final String MEASURED =
      """
      {"floats": 250000, "processors": 2, "rows": [
        {"exchange": {"ranks": 2, "seconds": 0.0012}},
        {"exchange": {"ranks": 3, "seconds": 0.0026}},
        {"exchange": {"ranks": 8, "seconds": 0.0126}}]}
      """;

  private CommandLine.Said run(String measured, String... options) throws IOException {
    Path file = folder.resolve("measured.json");
    Files.writeString(file, measured);
    List<String> words = new ArrayList<>(List.of("benchmark", "cost-model", file.toString()));
    words.addAll(List.of(options));
    return CommandLine.run(words.toArray(String[]::new));
  }

  @Test
  void theCommandReadsFitsAndDraws() throws IOException {
    Path svg = folder.resolve("scaling.svg");
    CommandLine.Said said = run(MEASURED, "--lane-seconds=1", "--svg=" + svg);
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(said.out())
        .contains("fitted to 3 exchanges on 2 processors: 100.0 microseconds a message, 1.000 ns")
        .contains("| 8 | 1.0 | 0.0126 | 0.0126 |")
        .containsPattern("resnet50, 102\\.2 MB, 10\\.0 Gbit/s, a lane batch in 1\\.0000 s")
        .containsPattern("\\| 1,024 \\| \\d+\\.\\d{3} \\|");
    assertThat(Files.readString(svg)).contains("<svg", "<style>", "halving-doubling");
  }

  @Test
  void computingIsAsTheScalingBenchmarkMeasuredIt() throws IOException {
    Path scaling = folder.resolve("benchmark-scaling.json");
    Files.writeString(
        scaling,
        "{\"medians\": {\"machine\": {\"share\": 0.9, \"laneSeconds\": 0.25, \"spread\": 0.04}}}");
    CommandLine.Said said = run(MEASURED, "--scaling=" + scaling);
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(said.out()).contains("a lane batch in 0.2500 s with a spread of 4.0 %:");
    assertThat(run(MEASURED, "--lane-seconds=0.25", "--spread=0.04").out()).isEqualTo(said.out());
    Files.writeString(scaling, "{\"medians\": {}}");
    said = run(MEASURED, "--scaling=" + scaling);
    assertThat(said.exitCode()).isEqualTo(3);
    assertThat(said.err()).contains("benchmark-scaling.json (15 bytes) is damaged: ");
  }

  @Test
  void whatCannotBeFittedOrComputedIsRefused() throws IOException {
    CommandLine.Said said = run("{\"rows\": 3}", "--lane-seconds=1");
    assertThat(said.exitCode()).isEqualTo(3);
    assertThat(said.err()).contains("measured.json (11 bytes) is damaged: ");
    said =
        run(
            "{\"floats\": 1000, \"processors\": 2, \"rows\":"
                + " [{\"exchange\": {\"ranks\": 2, \"seconds\": 1}}]}",
            "--lane-seconds=1");
    assertThat(said.exitCode()).isEqualTo(3);
    assertThat(said.err())
        .contains("expected exchanges of two sizes or two numbers of ranks, actual 1 measured");
    said = run(MEASURED, "--lane-seconds=-1", "--spread=-1", "--gigabits=0", "--wire-bytes=3");
    assertThat(said.exitCode()).isEqualTo(2);
    assertThat(said.err())
        .contains(
            "--wire-bytes must be 4 or 2, actual 3; --gigabits must be above 0, actual 0.0;"
                + " --lane-seconds must be above 0, actual -1.0; --spread must be at least 0,"
                + " actual -1.0");
    assertThat(run(MEASURED).exitCode()).isEqualTo(2);
    assertThat(run(MEASURED, "--lane-seconds=1", "--scaling=x").exitCode()).isEqualTo(2);
  }
}
