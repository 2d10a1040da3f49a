// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.bellows.conf.ScheduleSettings.Decay;
import org.bellows.conf.ScheduleSettings.Warmup;
import org.bellows.conf.load.SettingsLoader;
import org.junit.jupiter.api.Test;

/** 10 steps an epoch, 100 epochs, 5 epochs of warmup: steps 0, 49, 50, 999 are the edges. */
class LearningRateScheduleTest {
  private static final int STEPS_PER_EPOCH = 10;
  private static final int EPOCHS = 100;

  private static LearningRateSchedule schedule(
      Warmup warmup, Decay decay, int batch, String... more) {
    List<String> all = new ArrayList<>(List.of(more));
    all.add("schedule.warmup=" + name(warmup));
    all.add("schedule.decay=" + name(decay));
    all.add("train.epochs=" + EPOCHS);
    return new LearningRateSchedule(
        new SettingsLoader().set(all).load(List.of(), List.of()).schedule(),
        batch,
        STEPS_PER_EPOCH,
        EPOCHS);
  }

  private static String name(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  @Test
  void gradualWarmupRisesEveryStepFromTheBaseRateToTheScaledRate() {
    LearningRateSchedule schedule = schedule(Warmup.GRADUAL, Decay.STEP, 8192);
    assertThat(schedule.at(0)).isEqualTo(0.1);
    assertThat(schedule.at(25)).isCloseTo(0.1 + 3.1 / 2, within(1e-12));
    assertThat(schedule.at(49)).isCloseTo(0.1 + 3.1 * 49 / 50, within(1e-12));
    assertThat(schedule.at(50)).isCloseTo(3.2, within(1e-12));
  }

  @Test
  void aWarmupMayStartBelowTheBaseRate() {
    LearningRateSchedule schedule =
        schedule(Warmup.GRADUAL, Decay.STEP, 256, "schedule.warmup-start-factor=0.01");
    assertThat(schedule.warmsUp()).isTrue();
    assertThat(schedule.at(0)).isCloseTo(0.001, within(1e-15));
    assertThat(schedule.at(25)).isCloseTo(0.001 + 0.099 / 2, within(1e-12));
    assertThat(schedule.at(50)).isCloseTo(0.1, within(1e-12));
  }

  /** 5 epochs of warmup, 85 of decay, 10 at the lowest rate. */
  @Test
  void aCooldownStaysAtTheLowestRate() {
    LearningRateSchedule schedule =
        schedule(
            Warmup.GRADUAL,
            Decay.COSINE,
            256,
            "schedule.cooldown-epochs=10",
            "schedule.end-factor=0.02");
    assertThat(schedule.at(50)).isCloseTo(0.1, within(1e-12));
    assertThat(schedule.at(475)).isCloseTo(0.1 * (0.02 + 0.98 / 2), within(1e-12));
    assertThat(schedule.at(899)).isGreaterThan(0.002);
    assertThat(schedule.at(900)).isCloseTo(0.002, within(1e-12));
    assertThat(schedule.at(999)).isCloseTo(0.002, within(1e-12));
  }

  @Test
  void aWarmupWithNothingToRiseToHasNoEffect() {
    assertThat(schedule(Warmup.GRADUAL, Decay.COSINE, 8192).warmsUp()).isTrue();
    assertThat(schedule(Warmup.CONSTANT, Decay.COSINE, 256).warmsUp()).isFalse();
    assertThat(schedule(Warmup.GRADUAL, Decay.COSINE, 64).warmsUp()).isFalse();
    assertThat(schedule(Warmup.GRADUAL, Decay.COSINE, 8192, "schedule.scaling=none").warmsUp())
        .isFalse();
    assertThat(schedule(Warmup.NONE, Decay.COSINE, 8192).warmsUp()).isFalse();
    assertThat(schedule(Warmup.GRADUAL, Decay.COSINE, 8192, "schedule.warmup-epochs=0").warmsUp())
        .isFalse();
  }

  @Test
  void constantWarmupStaysAtTheBaseRate() {
    LearningRateSchedule schedule = schedule(Warmup.CONSTANT, Decay.STEP, 8192);
    assertThat(schedule.at(0)).isEqualTo(0.1);
    assertThat(schedule.at(49)).isEqualTo(0.1);
    assertThat(schedule.at(50)).isCloseTo(3.2, within(1e-12));
  }

  @Test
  void withoutWarmupTheScaledRateStandsAtOnce() {
    assertThat(schedule(Warmup.NONE, Decay.CONSTANT, 1024).at(0)).isCloseTo(0.4, within(1e-12));
    assertThat(schedule(Warmup.NONE, Decay.CONSTANT, 1024).at(999)).isCloseTo(0.4, within(1e-12));
  }

  @Test
  void theBaseBatchIsWhatTheBaseRateIsFor() {
    LearningRateSchedule schedule =
        schedule(
            Warmup.GRADUAL,
            Decay.CONSTANT,
            1024,
            "schedule.base-batch=64",
            "schedule.base-lr=0.02");
    assertThat(schedule.at(0)).isEqualTo(0.02);
    assertThat(schedule.at(50)).isCloseTo(0.02 * 16, within(1e-12));
  }

  @Test
  void belowTheReferenceBatchThereIsNothingToWarmUpTo() {
    LearningRateSchedule schedule = schedule(Warmup.GRADUAL, Decay.CONSTANT, 64);
    assertThat(schedule.at(0)).isCloseTo(0.025, within(1e-12));
    assertThat(schedule.at(50)).isCloseTo(0.025, within(1e-12));
  }

  @Test
  void stepDecayFallsAtEachBoundary() {
    LearningRateSchedule schedule = schedule(Warmup.GRADUAL, Decay.STEP, 256);
    assertThat(schedule.at(299)).isCloseTo(0.1, within(1e-12));
    assertThat(schedule.at(300)).isCloseTo(0.01, within(1e-12));
    assertThat(schedule.at(600)).isCloseTo(0.001, within(1e-12));
    assertThat(schedule.at(999)).isCloseTo(0.0001, within(1e-12));
  }

  @Test
  void cosineFallsFromThePeakAfterWarmupToAlmostNothing() {
    LearningRateSchedule schedule = schedule(Warmup.GRADUAL, Decay.COSINE, 512);
    assertThat(schedule.at(50)).isCloseTo(0.2, within(1e-12));
    assertThat(schedule.at(525)).isCloseTo(0.1, within(1e-12));
    double last = 0.5 * (1 + Math.cos(Math.PI * 949 / 950)) * 0.2;
    assertThat(schedule.at(999)).isCloseTo(last, within(1e-12));
    assertThat(schedule.at(999)).isLessThan(1e-6);
  }

  @Test
  void withoutScalingTheBatchDoesNotMatter() {
    LearningRateSchedule schedule =
        schedule(Warmup.NONE, Decay.CONSTANT, 8192, "schedule.scaling=none");
    assertThat(schedule.at(0)).isEqualTo(0.1);
  }

  /** 4096 = 16 * 256: the rate is 4 times that of 256. */
  @Test
  void squareRootScalingMultipliesByTheRootOfTheBatches() {
    LearningRateSchedule schedule =
        schedule(Warmup.GRADUAL, Decay.CONSTANT, 4096, "schedule.scaling=square-root");
    assertThat(schedule.at(0)).isEqualTo(0.1);
    assertThat(schedule.at(50)).isCloseTo(0.4, within(1e-12));
  }

  /** Square of what is left: 1 at 50, 1/4 at 525, (1/950)^2 at the last step. */
  @Test
  void polynomialFallsWithThePowerOfWhatIsLeft() {
    LearningRateSchedule schedule = schedule(Warmup.GRADUAL, Decay.POLYNOMIAL, 512);
    assertThat(schedule.at(50)).isCloseTo(0.2, within(1e-12));
    assertThat(schedule.at(525)).isCloseTo(0.05, within(1e-12));
    assertThat(schedule.at(999)).isCloseTo(0.2 / 950 / 950, within(1e-12));
    LearningRateSchedule linear =
        schedule(Warmup.NONE, Decay.POLYNOMIAL, 256, "schedule.polynomial-power=1");
    assertThat(linear.at(0)).isCloseTo(0.1, within(1e-12));
    assertThat(linear.at(750)).isCloseTo(0.025, within(1e-12));
  }

  @Test
  void cosineAndPolynomialEndAtTheEndFactor() {
    for (Decay decay : List.of(Decay.COSINE, Decay.POLYNOMIAL)) {
      LearningRateSchedule schedule = schedule(Warmup.NONE, decay, 256, "schedule.end-factor=0.1");
      assertThat(schedule.at(0)).isCloseTo(0.1, within(1e-12));
      assertThat(schedule.at(1000)).isCloseTo(0.01, within(1e-12));
    }
    assertThat(schedule(Warmup.NONE, Decay.COSINE, 256, "schedule.end-factor=0.1").at(500))
        .isCloseTo(0.055, within(1e-12));
  }

  /** MobileNetV2's and EfficientNet's form: constant between boundaries of 2.5 epochs. */
  @Test
  void exponentialFallsAtEveryMultipleOfItsEpochs() {
    LearningRateSchedule schedule =
        schedule(
            Warmup.GRADUAL,
            Decay.EXPONENTIAL,
            256,
            "schedule.exponential-factor=0.5",
            "schedule.exponential-epochs=2.5");
    assertThat(schedule.at(50)).isCloseTo(0.1 / 4, within(1e-12));
    assertThat(schedule.at(74)).isCloseTo(0.1 / 4, within(1e-12));
    assertThat(schedule.at(75)).isCloseTo(0.1 / 8, within(1e-12));
    assertThat(schedule.at(999)).isCloseTo(0.1 * Math.pow(0.5, 39), within(1e-15));
  }

  /** 1000 steps, share 0.8: up for 400, down for 400, then 200 from a tenth to almost nothing. */
  @Test
  void oneCycleRisesFallsBackAndFades() {
    LearningRateSchedule schedule =
        schedule(Warmup.NONE, Decay.ONE_CYCLE, 512, "schedule.cycle-share=0.8");
    assertThat(schedule.at(0)).isCloseTo(0.02, within(1e-12));
    assertThat(schedule.at(200)).isCloseTo(0.11, within(1e-12));
    assertThat(schedule.at(400)).isCloseTo(0.2, within(1e-12));
    assertThat(schedule.at(600)).isCloseTo(0.11, within(1e-12));
    assertThat(schedule.at(800)).isCloseTo(0.02, within(1e-12));
    assertThat(schedule.at(900)).isCloseTo(0.01, within(1e-12));
    assertThat(schedule.at(999)).isCloseTo(0.0001, within(1e-12));
    LearningRateSchedule whole =
        schedule(Warmup.NONE, Decay.ONE_CYCLE, 512, "schedule.cycle-share=1");
    assertThat(whole.at(500)).isCloseTo(0.2, within(1e-12));
    assertThat(whole.at(1000)).isCloseTo(0.02, within(1e-12));
  }
}
