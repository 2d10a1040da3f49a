// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.stream.IntStream;
import org.bellows.models.graph.InputShape;
import org.bellows.models.layer.BatchNorm;
import org.bellows.models.layer.ParameterKind;
import org.bellows.models.network.FlatLayout;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.models.zoo.NetworkRegistry;
import org.bellows.worker.engine.EngineRequest;
import org.bellows.worker.network.LaneNetwork;
import org.bellows.worker.parallel.LaneMeeting;
import org.bellows.worker.parallel.LaneThreads;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * BatchNorm over all lanes is BatchNorm of the whole global batch in one piece, as DL4J's graph
 * computes it in double precision.
 */
@Tag("instructions")
class GlobalBatchNormTest {
  private static final int CLASSES = 10;

  /** Four times the rounding of a float, as in {@link NetworksAgreeTest}. */
  private static final double ROUNDING = Math.scalb(1.0, -22);

  private static NetworkDefinition overGlobalBatch(NetworkDefinition network) {
    return network.withLayers(
        layer -> layer instanceof BatchNorm norm ? norm.overGlobalBatch() : layer);
  }

  /**
   * Lanes of one or two samples, which are few for moments of their own; of one map of 1 x 1 none.
   */
  @ParameterizedTest
  @CsvSource({
    "onednn, resnet20-cifar, 16, 6, 3",
    "onednn, unet-8, 32, 4, 4",
    "onednn, deeplab-v3-mobilenet-v2, 33, 4, 4",
    "torch, resnet20-cifar, 16, 6, 3"
  })
  void lossMomentsAndGradientAreThoseOfOneBatch(
      String engine, String name, int side, int samples, int lanes) {
    NetworkDefinition network =
        WithoutKinks.of(Comparison.withoutDrops(NetworkRegistry.standard().get(name)));
    InputShape input = new InputShape(3, side, side);
    FlatLayout layout = FlatLayout.of(network.graph(input, CLASSES));
    try (DoubleReference reference = DoubleReference.of(network, input, CLASSES, samples)) {
      Comparison.Result truth = reference.result();
      double limit = reference.sensitivity(ROUNDING, 1).times(30).gradient();
      assertThat(limit).isLessThan(0.02);
      Lanes global = Lanes.of(engine, overGlobalBatch(network), input, samples, lanes);
      assertThat(global.loss()).isCloseTo(truth.loss(), within(1e-4 * truth.loss()));
      assertThat(global.error(layout, truth, true)).as("moments").isLessThan(1e-4);
      assertThat(global.error(layout, truth, false)).as("gradient").isLessThan(limit);
      Lanes apart = Lanes.of(engine, network, input, samples, lanes);
      assertThat(apart.error(layout, truth, true)).as("moments of a lane").isGreaterThan(1e-2);
      assertThat(apart.error(layout, truth, false)).as("with them").isGreaterThan(10 * limit);
    }
  }

  /**
   * A step of several lanes.
   *
   * @param loss sum over all samples
   * @param gradient [parameters], sum over all samples; of moments those of the first lane
   */
  private record Lanes(double loss, double[] gradient) {

    static Lanes of(
        String engine, NetworkDefinition network, InputShape input, int samples, int lanes) {
      float[] pixels = Comparison.pixels(samples * input.elements(), Comparison.PIXELS_SEED);
      float[] targets = Comparison.targets(network.graph(input, CLASSES), CLASSES, samples);
      try (LaneThreads threads = new LaneThreads(lanes);
          LaneNetwork first =
              new LaneNetwork(
                  network, input, CLASSES, Comparison.SEED, EngineRequest.named(engine))) {
        LaneMeeting meeting =
            new LaneMeeting(threads, lanes, (what, all, merge) -> all(all, merge));
        List<LaneNetwork> networks = new ArrayList<>(List.of(first));
        IntStream.range(1, lanes).forEach(lane -> networks.add(first.beside(false)));
        List<Lanes> each =
            meeting.run(
                lanes,
                lane -> {
                  LaneNetwork own = networks.get(lane);
                  own.meet(meeting.at(lane));
                  float[] gradient = new float[own.layout().length()];
                  double loss =
                      own.gradient(
                          part(pixels, lane, lanes), part(targets, lane, lanes), 1, gradient);
                  return new Lanes(loss, Comparison.doubles(gradient));
                });
        return sum(each, first.layout());
      }
    }

    private static double[] all(List<double[]> ofLanes, BinaryOperator<double[]> merge) {
      return ofLanes.stream().reduce(merge).orElseThrow();
    }

    private static float[] part(float[] whole, int lane, int lanes) {
      int length = whole.length / lanes;
      return Arrays.copyOfRange(whole, lane * length, (lane + 1) * length);
    }

    private static Lanes sum(List<Lanes> each, FlatLayout layout) {
      double[] sum = each.get(0).gradient().clone();
      for (FlatLayout.ParameterSlot slot : layout.segments()) {
        for (Lanes other : each.subList(1, each.size())) {
          for (int i = slot.offset(); slot.kind().isTrainable() && i < slot.end(); i++) {
            sum[i] += other.gradient()[i];
          }
        }
      }
      return new Lanes(each.stream().mapToDouble(Lanes::loss).sum(), sum);
    }

    /** |this - expected| / |expected| of the moments or of what is trained. */
    double error(FlatLayout layout, Comparison.Result expected, boolean moments) {
      double[] ours = new double[gradient.length];
      double[] theirs = new double[gradient.length];
      for (FlatLayout.ParameterSlot slot : layout.segments()) {
        boolean isMoment =
            slot.kind() == ParameterKind.RUNNING_MEAN
                || slot.kind() == ParameterKind.RUNNING_VARIANCE;
        if (moments ? isMoment : slot.kind().isTrainable()) {
          System.arraycopy(gradient, slot.offset(), ours, slot.offset(), slot.length());
          System.arraycopy(
              expected.gradient(), slot.offset(), theirs, slot.offset(), slot.length());
        }
      }
      return Comparison.relativeError(ours, theirs);
    }
  }
}
