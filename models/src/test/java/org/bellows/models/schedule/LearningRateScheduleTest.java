package org.bellows.models.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.bellows.conf.Settings.Decay;
import org.bellows.conf.Settings.Scaling;
import org.bellows.conf.Settings.Schedule;
import org.bellows.conf.Settings.Warmup;
import org.junit.jupiter.api.Test;

/** 10 steps an epoch, 100 epochs, 5 epochs of warmup: steps 0, 49, 50, 999 are the edges. */
class LearningRateScheduleTest {
  private static final int STEPS_PER_EPOCH = 10;
  private static final int EPOCHS = 100;

  private static LearningRateSchedule schedule(Warmup warmup, Decay decay, int batch) {
    Schedule settings =
        new Schedule(0.1, Scaling.LINEAR, warmup, 5, decay, List.of(30.0, 60.0, 80.0), 0.1);
    return new LearningRateSchedule(settings, batch, STEPS_PER_EPOCH, EPOCHS);
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
    Schedule settings =
        new Schedule(0.1, Scaling.NONE, Warmup.NONE, 0, Decay.CONSTANT, List.of(), 0.1);
    assertThat(new LearningRateSchedule(settings, 8192, 10, 1).at(0)).isEqualTo(0.1);
  }
}
