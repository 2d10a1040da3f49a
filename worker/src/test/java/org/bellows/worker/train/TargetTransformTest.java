// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.bellows.conf.LossSettings;
import org.bellows.conf.load.SettingsLoader;
import org.bellows.data.batch.ClassTargets;
import org.bellows.data.batch.LaneBatch;
import org.bellows.data.batch.LaneInput;
import org.bellows.data.batch.MultiLabelTargets;
import org.bellows.data.batch.Targets;
import org.junit.jupiter.api.Test;

class TargetTransformTest {
  /** Two samples: of the first class, and one half mixed with another. */
  private static final float[] TARGETS = {1, 0, 0, 0, 0, 0.5f, 0.5f, 0};

  private static float[] taught(double smoothing, Double... weights) {
    return taught(List.of("loss.label-smoothing=" + smoothing), weights);
  }

  private static float[] taught(List<String> assignments, Double... weights) {
    float[] mixed = TARGETS.clone();
    float[] taught =
        taught(assignments, new ClassTargets(new int[] {0, 1}, 4, Optional.of(mixed)), weights);
    assertThat(mixed).isEqualTo(TARGETS);
    return taught;
  }

  private static float[] taught(List<String> assignments, Targets own, Double... weights) {
    LossSettings loss = new SettingsLoader().set(assignments).load(List.of(), List.of()).loss();
    LaneBatch batch =
        new LaneBatch(
            0, 0, new long[2], new LaneInput.Pictures(new float[2], Optional.empty()), own);
    try (TargetTransform targets =
        new TargetTransform(
            loss, List.of(weights), loss.positiveWeights().listed(), null, Optional.empty())) {
      return targets.of(batch, 0);
    }
  }

  @Test
  void areTheBatchsOwnWhereNothingIsAsked() {
    assertThat(taught(0)).isEqualTo(TARGETS);
  }

  /** e = 0.2 over 4 classes: 0.05 for everyone, and 0.8 of what there was. */
  @Test
  void smoothingSpreadsItsShareEvenly() {
    assertThat(taught(0.2)).containsExactly(0.85f, 0.05f, 0.05f, 0.05f, 0.05f, 0.45f, 0.45f, 0.05f);
  }

  /** e = 0.2 over the two answers of each class: 0.1 for no, 0.9 for yes, mixed ones between. */
  @Test
  void ofSeveralClassesEachIsSmoothedByItself() {
    float[] own = {1, 1, 0, 0, 0, 0, 0, 0};
    List<String> smoothed = List.of("loss.label-smoothing=0.2");
    MultiLabelTargets plain = new MultiLabelTargets(own, 4, Optional.empty());
    assertThat(taught(List.of(), plain)).isEqualTo(own);
    assertThat(taught(smoothed, plain))
        .containsExactly(0.9f, 0.9f, 0.1f, 0.1f, 0.1f, 0.1f, 0.1f, 0.1f);
    float[] mixed = {0.5f, 1, 0, 0, 0.5f, 0, 0, 0};
    MultiLabelTargets blended = new MultiLabelTargets(own, 4, Optional.of(mixed));
    assertThat(taught(smoothed, blended)[0]).isEqualTo(0.5f);
    assertThat(
            taught(
                List.of("loss.function=binary-cross-entropy", "loss.target-threshold=0.4"),
                blended))
        .containsExactly(1, 1, 0, 0, 1, 0, 0, 0);
  }

  /** p = (2, 1, 1, 3): yes of all classes, then no. */
  @Test
  void positiveWeightsPutYesAndNoBesideEachOther() {
    List<String> weighted =
        List.of("loss.function=binary-cross-entropy", "loss.positive-weights=[2, 1, 1, 3]");
    float[] own = {1, 0, 0, 1, 0, 0, 1, 0};
    float[] expected = {2, 0, 0, 3, 0, 1, 1, 0, 0, 0, 1, 0, 1, 1, 0, 1};
    assertThat(taught(weighted, new MultiLabelTargets(own, 4, Optional.empty())))
        .isEqualTo(expected);
    assertThat(taught(weighted))
        .containsExactly(2, 0, 0, 0, 0, 1, 1, 1, 0, 0.5f, 0.5f, 0, 1, 0.5f, 0.5f, 1);
  }

  @Test
  void weightsMultiply() {
    assertThat(taught(0, 0.5, 0.5, 1.5, 1.5)).containsExactly(0.5f, 0, 0, 0, 0, 0.25f, 0.75f, 0);
  }

  @Test
  void smoothingComesBeforeWeights() {
    assertThat(taught(0.2, 0.5, 0.5, 1.5, 1.5)[2]).isEqualTo(0.075f);
  }

  /** Beyond the threshold counts as there: smoothing's 0.05 does not, mixing's 0.45 does. */
  @Test
  void aThresholdMakesTargetsZeroOrOne() {
    List<String> binary =
        List.of("loss.function=binary-cross-entropy", "loss.target-threshold=0.2");
    assertThat(taught(binary)).containsExactly(1, 0, 0, 0, 0, 1, 1, 0);
    assertThat(
            taught(
                List.of(binary.get(0), "loss.label-smoothing=0.2", "loss.target-threshold=0.45")))
        .containsExactly(1, 0, 0, 0, 0, 0, 0, 0);
  }
}
