// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code train --dry-run} says of memory, against a real executor's. */
@Tag("integration")
@Timeout(600)
class ExecutorMemoryTest {
  private static final int HEAP_MEBIBYTES = 512;

  @TempDir static Path folder;

  private static Path dataset;

  @BeforeAll
  static void prepare() {
    dataset = TinyTree.prepare(folder);
  }

  private static String[] train(String network, int laneBatch, String... more) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "--set=model.name=" + network,
                "--set=train.lane-batch=" + laneBatch,
                "--set=train.global-batch=" + laneBatch,
                "--set=cluster.executor-memory-mebibytes=" + HEAP_MEBIBYTES));
    all.addAll(List.of(more));
    return TinyTree.train(
        dataset, folder.resolve(network + "-" + laneBatch), 1, all.toArray(String[]::new));
  }

  private static int printed(CommandLine.Said said, String label) {
    Matcher line = Pattern.compile(label + " +([\\d,]+) MiB of").matcher(said.out());
    assertThat(line.find()).as(said.out() + said.err()).isTrue();
    return Integer.parseInt(line.group(1).replace(",", ""));
  }

  /** It gets exactly what was printed, trains and evaluates, and never holds more. */
  @ParameterizedTest
  @CsvSource({
    "lenet5, 72, every-step, 72",
    "resnet20-cifar, 72, every-step, 72",
    "lenet5, 4, averaging, 144"
  })
  void anExecutorKeepsWithinWhatIsPrinted(
      String network, int laneBatch, String mode, int globalBatch) {
    String[] lanes = {
      "--set=sync.mode=" + mode,
      "--set=sync.period-steps=2",
      "--set=train.global-batch=" + globalBatch
    };
    CommandLine.Said plan = CommandLine.run(train(network, laneBatch, with(lanes, "--dry-run")));
    assertThat(plan.exitCode()).as(plan.err()).isZero();
    int offHeap = printed(plan, "executor's memory off heap");
    int heap = printed(plan, "executor's heap");
    assertThat(heap).isLessThanOrEqualTo(HEAP_MEBIBYTES);
    try (PeakMemory executor = new PeakMemory()) {
      CommandLine.Said said =
          CommandLine.run(
              train(
                  network,
                  laneBatch,
                  with(lanes, "--set=cluster.executor-overhead-mebibytes=" + offHeap)));
      assertThat(said.exitCode()).as(said.err()).isZero();
      assertThat(executor.mebibytes()).isBetween((heap + offHeap) / 2, HEAP_MEBIBYTES + offHeap);
    }
  }

  private static String[] with(String[] arguments, String last) {
    String[] all = Arrays.copyOf(arguments, arguments.length + 1);
    all[arguments.length] = last;
    return all;
  }

  @Test
  void anExecutorThatWouldNotFitIsRefusedBeforeTraining() throws IOException {
    CommandLine.Said said =
        CommandLine.run(train("vgg11", 144, "--set=cluster.executor-overhead-mebibytes=512"));
    assertThat(said.exitCode()).isEqualTo(2);
    assertThat(said.err().lines().filter(line -> line.startsWith("bellows: ")).toList())
        .singleElement()
        .asString()
        .matches(
            "bellows: an executor that trains vgg11 in lane batches of 144 needs [\\d,]+ MiB of"
                + " heap \\(it may take 512\\) and [\\d,]+ MiB off heap \\(it may take 512\\);"
                + " raise cluster.executor-memory-mebibytes and cluster.executor-overhead-mebibytes, or lower"
                + " train.lane-batch or evaluate.batch");
    assertThat(folder.resolve("vgg11-144/result.json")).doesNotExist();
  }

  /** Looks at the executor that this process started, ten times a second. */
  private static final class PeakMemory implements AutoCloseable {
    private static final Pattern PEAK = Pattern.compile("VmHWM:\\s+(\\d+) kB");

    private final Thread looking = new Thread(this::look, "peak-memory");
    private volatile int mebibytes;

    PeakMemory() {
      looking.setDaemon(true);
      looking.start();
    }

    int mebibytes() {
      return mebibytes;
    }

    private void look() {
      while (!Thread.currentThread().isInterrupted()) {
        ProcessHandle.current()
            .descendants()
            .forEach(process -> mebibytes = Math.max(mebibytes, peak(process)));
        try {
          Thread.sleep(100);
        } catch (InterruptedException e) {
          return;
        }
      }
    }

    private static int peak(ProcessHandle process) {
      try {
        Path of = Path.of("/proc", Long.toString(process.pid()));
        Matcher peak = PEAK.matcher(Files.readString(of.resolve("status")));
        boolean isExecutor =
            Files.readString(of.resolve("cmdline")).contains("CoarseGrainedExecutorBackend");
        return isExecutor && peak.find() ? Integer.parseInt(peak.group(1)) / 1024 : 0;
      } catch (IOException e) {
        return 0; // it has just ended
      }
    }

    @Override
    public void close() {
      looking.interrupt();
    }
  }
}
