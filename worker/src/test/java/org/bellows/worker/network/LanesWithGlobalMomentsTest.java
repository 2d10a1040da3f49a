// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bellows.models.graph.Decoders;
import org.bellows.models.graph.Heads;
import org.bellows.models.graph.InputShape;
import org.bellows.models.graph.LayerDefaults;
import org.bellows.models.graph.NetworkBuilder;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.graph.WeightInitializers;
import org.bellows.models.layer.Activation;
import org.bellows.models.layer.AdaptiveAverage;
import org.bellows.models.layer.BatchNorm;
import org.bellows.models.layer.Interpolation;
import org.bellows.models.layer.Kernel;
import org.bellows.models.layer.LabelFit;
import org.bellows.models.network.FlatLayout;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.models.zoo.NetworkRegistry;
import org.bellows.worker.collective.SingleRankCommunicator;
import org.bellows.worker.collective.reduce.LaneReduction;
import org.bellows.worker.engine.EngineRequest;
import org.bellows.worker.parallel.LaneMeeting;
import org.bellows.worker.parallel.LaneThreads;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * With moments over the global batch some lanes are, but for rounding, one lane that has all their
 * samples and the moments of its own batch.
 */
@Tag("instructions")
@Timeout(120)
class LanesWithGlobalMomentsTest {
  private static final int SAMPLES = 8;
  private static final int CLASSES = 4;

  private static NetworkDefinition global(NetworkDefinition network) {
    return network.withLayers(
        layer -> layer instanceof BatchNorm norm ? norm.overGlobalBatch() : layer);
  }

  /** The whole batch, and what a lane has of it. */
  private record Batch(RandomBatch all) {
    static Batch of(NetworkGraph graph) {
      return new Batch(RandomBatch.of(graph, CLASSES, SAMPLES));
    }

    static float[] part(float[] whole, int lane, int lanes) {
      int length = whole.length / lanes;
      return Arrays.copyOfRange(whole, lane * length, (lane + 1) * length);
    }
  }

  /**
   * @param gradient of all samples; moments are means over the lanes
   */
  private record Result(double loss, double[] gradient) {}

  /** On the reference. */
  private static Result oneLane(NetworkDefinition network, InputShape input) {
    try (LaneNetwork lane =
        new LaneNetwork(network, input, CLASSES, 1, EngineRequest.named("dl4j"))) {
      Batch batch = Batch.of(network.graph(input, CLASSES));
      float[] gradient = new float[lane.layout().length()];
      double loss = lane.gradient(batch.all().pixels(), batch.all().targets(), 1, gradient);
      double[] doubles = new double[gradient.length];
      for (int i = 0; i < doubles.length; i++) {
        doubles[i] = gradient[i];
      }
      return new Result(loss, doubles);
    }
  }

  private static Result onLanes(
      NetworkDefinition network, InputShape input, int lanes, int atOnce) {
    Batch batch = Batch.of(network.graph(input, CLASSES));
    try (LaneNetwork first = new LaneNetwork(network, input, CLASSES, 1);
        LaneThreads threads = new LaneThreads(lanes)) {
      LaneMeeting meeting =
          new LaneMeeting(
              threads, atOnce, new LaneReduction(new SingleRankCommunicator(), lanes)::reduce);
      List<LaneNetwork> networks = new ArrayList<>(List.of(first));
      while (networks.size() < lanes) {
        networks.add(first.beside(false));
      }
      int length = first.layout().length();
      double[] losses = new double[lanes];
      List<float[]> gradients =
          meeting.run(
              lanes,
              place -> {
                LaneNetwork own = networks.get(place);
                own.meet(meeting.at(place));
                float[] gradient = new float[length];
                losses[place] =
                    own.gradient(
                        Batch.part(batch.all().pixels(), place, lanes),
                        Batch.part(batch.all().targets(), place, lanes),
                        1,
                        gradient);
                return gradient;
              });
      double[] sum = new double[length];
      for (FlatLayout.ParameterSlot slot : first.layout().segments()) {
        double factor = slot.kind().isStatistic() ? 1.0 / lanes : 1;
        for (int i = slot.offset(); i < slot.end(); i++) {
          for (float[] gradient : gradients) {
            sum[i] += factor * gradient[i];
          }
        }
      }
      return new Result(Arrays.stream(losses).sum(), sum);
    }
  }

  private static double relativeError(double[] actual, double[] expected) {
    double difference = 0;
    double size = 0;
    for (int i = 0; i < expected.length; i++) {
      difference += (actual[i] - expected[i]) * (actual[i] - expected[i]);
      size += expected[i] * expected[i];
    }
    return Math.sqrt(difference / size);
  }

  /**
   * DeepLab's pyramid in small: the norm of the pooled picture has one value a picture, whose lane
   * moments in a lane of one picture leave nothing of it.
   */
  private static NetworkDefinition imagePooling() {
    return new NetworkDefinition(
        "image-pooling",
        "none",
        new InputShape(3, 32, 32),
        CLASSES,
        1,
        (input, classes) -> {
          NetworkBuilder builder =
              new NetworkBuilder(input, LayerDefaults.of(Activation.TANH, WeightInitializers.HE));
          String map = builder.convolutionNormActivation("map", Heads.INPUT, Kernel.same(3), 16);
          String mean = builder.layer("mean", new AdaptiveAverage(1), map);
          mean = builder.convolutionNormActivation("pooled", mean, Kernel.of(1), 16);
          String up = Decoders.resize(builder, "up", mean, Interpolation.BILINEAR, map);
          String both = builder.merge("both", map, up);
          LayerDefaults linear = LayerDefaults.of(Activation.IDENTITY, WeightInitializers.HE);
          String logits = builder.convolution("logits", both, Kernel.of(1), classes, linear);
          return builder.build(Heads.pixels(builder, logits, LabelFit.CENTRE));
        });
  }

  @ParameterizedTest
  @CsvSource({
    "resnet20-cifar, 2, 1",
    "resnet20-cifar, 4, 2",
    "unet-8, 4, 4",
    "unet-8, 8, 3",
    "image-pooling, 8, 2"
  })
  void lanesAreOneLane(String name, int lanes, int atOnce) {
    InputShape input = new InputShape(3, 32, 32);
    NetworkDefinition network =
        name.equals("image-pooling") ? imagePooling() : NetworkRegistry.standard().get(name);
    Result dl4j = oneLane(network, input);
    Result all = onLanes(global(network), input, lanes, atOnce);
    Result apart = onLanes(network, input, lanes, atOnce);
    double error = relativeError(all.gradient(), dl4j.gradient());
    assertThat(error).isLessThan(2e-3);
    assertThat(Math.abs(all.loss() / dl4j.loss() - 1)).isLessThan(1e-5);
    assertThat(relativeError(apart.gradient(), dl4j.gradient())).isGreaterThan(0.05);
  }

  @Test
  void bitsDoNotDependOnTheLanesAtOnce() {
    InputShape input = new InputShape(3, 32, 32);
    NetworkDefinition network = global(NetworkRegistry.standard().get("resnet20-cifar"));
    Result one = onLanes(network, input, 4, 1);
    assertThat(onLanes(network, input, 4, 4).gradient()).containsExactly(one.gradient());
  }
}
