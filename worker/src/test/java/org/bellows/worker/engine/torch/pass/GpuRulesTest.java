// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.torch.pass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;
import org.bellows.worker.natives.NativeLibraries;
import org.bellows.worker.natives.TorchLibraries;
import org.bytedeco.pytorch.Context;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** PyTorch keeps the settings without a GPU, too; what they do there is not tested. */
@Tag("instructions")
@Tag("once")
class GpuRulesTest {
  private Context context;

  @BeforeEach
  void load() {
    NativeLibraries.load();
    TorchLibraries.load();
    context = torch.globalContext();
  }

  /** They are the process's, and other tests compute in it. */
  @AfterEach
  void reset() {
    context.setDeterministicCuDNN(false);
    context.setDeterministicAlgorithms(false, false);
    context.setDeterministicFillUninitializedMemory(true);
    context.setAllowBF16ReductionCuBLAS(true);
    setTf32(false);
  }

  private void setTf32(boolean isAllowed) {
    context.setAllowTF32CuBLAS(isAllowed);
    context.setAllowTF32CuDNN(isAllowed);
  }

  @Test
  void theSettingsThatMakeBitsRepeatAreSet() {
    context.setBenchmarkCuDNN(true);
    assertThat(context.deterministicCuDNN()).isFalse();
    assertThat(context.deterministicAlgorithms()).isFalse();
    GpuRules.set();
    assertThat(context.benchmarkCuDNN()).isFalse();
    assertThat(context.deterministicCuDNN()).isTrue();
    assertThat(context.deterministicAlgorithms()).isTrue();
    assertThat(context.deterministicAlgorithmsWarnOnly()).as("an error").isFalse();
    assertThat(context.deterministicFillUninitializedMemory()).isFalse();
    assertThat(context.allowBF16ReductionCuBLAS().intern())
        .isEqualTo(torch.CuBLASReductionOption.DisallowReducedPrecisionAllowSplitK);
  }

  /** An operation that PyTorch knows to add in any order is refused: the engine's are not. */
  @Test
  void operationsThatAddInAnyOrderAreErrors() {
    assertThatCode(() -> Context.alertNotDeterministic("max_pool")).doesNotThrowAnyException();
    GpuRules.set();
    assertThatThrownBy(() -> Context.alertNotDeterministic("max_pool"))
        .hasMessageContaining("max_pool does not have a deterministic implementation");
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", ":16:8", ":4096:2"})
  void anotherWorkspaceIsRefused(String value) {
    assertThatThrownBy(() -> GpuRules.requireWorkspace(value))
        .isInstanceOfSatisfying(
            BellowsException.class,
            e -> assertThat(e.category()).isEqualTo(ErrorCategory.INFRASTRUCTURE))
        .hasMessage(
            "this process was started with "
                + (value == null
                    ? "no CUBLAS_WORKSPACE_CONFIG"
                    : "CUBLAS_WORKSPACE_CONFIG=" + value)
                + ", but cuBLAS repeats its bits only with CUBLAS_WORKSPACE_CONFIG=:4096:8: set it"
                + " in the environment (bin/bellows and spark.executorEnv do)");
  }

  @Test
  void theFixedWorkspaceIsTaken() {
    assertThatCode(() -> GpuRules.requireWorkspace(":4096:8")).doesNotThrowAnyException();
  }

  private boolean isTf32() {
    assertThat(context.allowTF32CuDNN()).isEqualTo(context.allowTF32CuBLAS());
    return context.allowTF32CuBLAS();
  }

  @Test
  void productsAreOfTheNumberFormatThatTheyAskFor() {
    setTf32(false);
    assertThat(GpuRules.launch(true, this::isTf32)).isTrue();
    assertThat(GpuRules.launch(false, this::isTf32)).isFalse();
  }

  /**
   * The setting is one for all threads: no other launch changes it before the first has read it.
   */
  @Test
  void anotherThreadsProductsWait() throws Exception {
    CountDownLatch isWithin = new CountDownLatch(1);
    CountDownLatch maySee = new CountDownLatch(1);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      Future<Boolean> first =
          threads.submit(
              () ->
                  GpuRules.launch(
                      true,
                      () -> {
                        isWithin.countDown();
                        await(maySee);
                        return isTf32();
                      }));
      await(isWithin);
      Thread[] second = new Thread[1];
      CountDownLatch begins = new CountDownLatch(1);
      Future<Boolean> other =
          threads.submit(
              () -> {
                second[0] = Thread.currentThread();
                begins.countDown();
                return GpuRules.launch(false, this::isTf32);
              });
      await(begins);
      while (second[0].getState() == Thread.State.RUNNABLE && !other.isDone()) {
        Thread.onSpinWait();
      }
      assertThat(other.isDone()).as("while the first launches").isFalse();
      maySee.countDown();
      assertThat(first.get(30, TimeUnit.SECONDS)).isTrue();
      assertThat(other.get(30, TimeUnit.SECONDS)).isFalse();
    } finally {
      maySee.countDown();
      threads.shutdownNow();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
