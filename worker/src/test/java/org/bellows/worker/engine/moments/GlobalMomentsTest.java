// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.moments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import org.bellows.worker.parallel.LaneCombiner;
import org.bellows.worker.parallel.LaneMeeting;
import org.bellows.worker.parallel.LaneThreads;
import org.junit.jupiter.api.Test;

class GlobalMomentsTest {

  /** 1, 3 | 5, 7 and, where squares of the mean would drown the variance, the same by 4096. */
  @Test
  void twoLanesAreOneSet() {
    List<FloatBuffer> means = new ArrayList<>();
    List<FloatBuffer> variances = new ArrayList<>();
    for (float mean : new float[] {2, 6}) {
      means.add(FloatBuffer.wrap(new float[] {mean, 8_388_608 + mean}));
      variances.add(FloatBuffer.wrap(new float[] {1, 1}));
    }
    try (LaneThreads threads = new LaneThreads(2)) {
      LaneMeeting meeting =
          new LaneMeeting(
              threads, 2, (what, lanes, merge) -> merge.apply(lanes.get(0), lanes.get(1)));
      meeting.run(
          2,
          place -> {
            GlobalMoments.combineInPlace(
                meeting.at(place), "norm", 2, means.get(place), variances.get(place));
            return place;
          });
    }
    for (int lane = 0; lane < 2; lane++) {
      assertThat(means.get(lane).array()).containsExactly(4, 8_388_612);
      assertThat(variances.get(lane).array()).containsExactly(5, 5);
    }
  }

  /** s = 3 / sqrt(3 + 1) = 1.5; sums of 4 values 8 and -2. */
  @Test
  void theSlopeOfOneLaneIsTheFormula() {
    FloatBuffer scale = FloatBuffer.allocate(1);
    FloatBuffer shift = FloatBuffer.allocate(1);
    GlobalSlope.combine(
        LaneCombiner.ONE_LANE,
        "norm",
        4,
        1,
        new GlobalSlope.Channels(wrap(3), wrap(3), wrap(8), wrap(-2)),
        scale,
        shift);
    assertThat(scale.get(0)).isEqualTo(-3f, within(0f));
    assertThat(shift.get(0)).isEqualTo(0.75f, within(0f));
  }

  private static FloatBuffer wrap(float value) {
    return FloatBuffer.wrap(new float[] {value});
  }
}
