// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.bellows.models.graph.Heads;
import org.bellows.models.graph.InputShape;
import org.bellows.models.graph.LayerDefaults;
import org.bellows.models.graph.NetworkBuilder;
import org.bellows.models.graph.WeightInitializers;
import org.bellows.models.layer.Activation;
import org.bellows.models.layer.BatchNorm;
import org.bellows.models.layer.ParameterKind;
import org.bellows.models.network.FlatLayout;
import org.bellows.models.network.FlatLayout.ParameterSlot;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.worker.engine.BatchStatistics;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A network that normalises its input directly: the statistics can be worked out by hand. */
@Tag("instructions")
class BatchStatisticsTest {
  private static final InputShape INPUT = new InputShape(1, 2, 2);

  /** Lane one: 1 2 3 4 and 5 6 7 8; lane two: 10 10 10 10 and 20 20 20 20. */
  private static final float[] LANE_ONE = {1, 2, 3, 4, 5, 6, 7, 8};

  private static final float[] LANE_TWO = {10, 10, 10, 10, 20, 20, 20, 20};

  private static NetworkDefinition network() {
    return network(new BatchNorm(1e-5, 0.9, 1));
  }

  private static NetworkDefinition network(BatchNorm norm) {
    return new NetworkDefinition(
        "norm-only",
        "none",
        INPUT,
        2,
        1,
        (input, classes) -> {
          LayerDefaults defaults = LayerDefaults.of(Activation.IDENTITY, WeightInitializers.XAVIER);
          NetworkBuilder builder = new NetworkBuilder(input, defaults);
          String pool = builder.globalAverage("pool", builder.layer("norm", norm, Heads.INPUT));
          return builder.build(Heads.classifier(builder, pool, classes, WeightInitializers.XAVIER));
        });
  }

  /**
   * Lane one: mean 4.5, variance 5.25. Lane two: mean 15, variance 25. Running start: mean 0,
   * variance 1, decay 0.9. Global batch: mean 9.75; variance (5.25 + 25) / 2 + (4.5^2 + 15^2) / 2 -
   * 9.75^2 = 15.125 + 27.5625 = 42.6875. Running: 0.975 and 0.9 + 4.26875 = 5.16875.
   */
  @Test
  void theRunningStatisticsAreThoseOfTheGlobalBatch() {
    try (LaneNetwork network = new LaneNetwork(network(), INPUT, 2, 1)) {
      FlatLayout layout = network.layout();
      float[] one = new float[layout.length()];
      float[] two = new float[layout.length()];
      network.gradient(LANE_ONE, new int[] {0, 1}, 1, one);
      network.gradient(LANE_TWO, new int[] {0, 1}, 1, two);
      int mean = only(layout, ParameterKind.RUNNING_MEAN).offset();
      int variance = only(layout, ParameterKind.RUNNING_VARIANCE).offset();
      assertThat(one[mean]).isCloseTo(4.5f, within(1e-5f));
      assertThat(one[variance]).isCloseTo(5.25f + 4.5f * 4.5f, within(1e-4f));
      assertThat(two[mean]).isCloseTo(15f, within(1e-4f));
      assertThat(two[variance]).isCloseTo(25f + 225f, within(1e-2f));

      float[] before = new float[layout.length()];
      network.readParameters(before);
      float[] parameters = before.clone();
      parameters[mean] = (one[mean] + two[mean]) / 2;
      parameters[variance] = (one[variance] + two[variance]) / 2;
      new BatchStatistics(layout).mergeInPlace(parameters, before);
      assertThat(parameters[mean]).isCloseTo(0.975f, within(1e-4f));
      assertThat(parameters[variance]).isCloseTo(5.16875f, within(1e-3f));
    }
  }

  /** Nothing of a batch comes in, nor goes out, that could move them. */
  @Test
  void frozenStatisticsStayBitForBit() {
    NetworkDefinition frozen = network(new BatchNorm(1e-5, 0.9, 1).frozen());
    try (LaneNetwork network = new LaneNetwork(frozen, INPUT, 2, 1)) {
      FlatLayout layout = network.layout();
      List<ParameterSlot> statistics =
          layout.segments().stream().filter(s -> s.kind() == ParameterKind.FROZEN).toList();
      assertThat(statistics).extracting(ParameterSlot::name).contains("norm_mean", "norm_var");
      float[] gradient = new float[layout.length()];
      network.gradient(LANE_ONE, new int[] {0, 1}, 1, gradient);
      float[] before = new float[layout.length()];
      network.readParameters(before);
      float[] parameters = before.clone();
      new BatchStatistics(layout).mergeInPlace(parameters, before);
      assertThat(parameters).isEqualTo(before);
      for (ParameterSlot slot : statistics) {
        assertThat(gradient[slot.offset()]).as(slot.name()).isZero();
      }
    }
  }

  /** (x - mean) / deviation of the lane's own batch is what the gradient of gamma is made of. */
  @Test
  void aPassLeavesNothingBehindInTheNetwork() {
    try (LaneNetwork network = new LaneNetwork(network(), INPUT, 2, 1)) {
      float[] first = new float[network.layout().length()];
      float[] other = new float[network.layout().length()];
      float[] again = new float[network.layout().length()];
      network.gradient(LANE_ONE, new int[] {0, 1}, 1, first);
      network.gradient(LANE_TWO, new int[] {1, 0}, 2, other);
      network.gradient(LANE_ONE, new int[] {0, 1}, 1, again);
      assertThat(again).isEqualTo(first);
      assertThat(other).isNotEqualTo(first);
    }
  }

  private static ParameterSlot only(FlatLayout layout, ParameterKind kind) {
    List<ParameterSlot> found = layout.segments().stream().filter(s -> s.kind() == kind).toList();
    assertThat(found).hasSize(1);
    return found.get(0);
  }
}
