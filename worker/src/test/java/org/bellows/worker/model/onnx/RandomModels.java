package org.bellows.worker.model.onnx;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.bellows.conf.AugmentSettings;
import org.bellows.models.graph.InputShape;
import org.bellows.models.network.FlatLayout;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.models.network.ParameterKind;
import org.bellows.worker.model.ModelCard;
import org.bellows.worker.model.TrainedModel;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** Models whose every parameter counts, and images. */
final class RandomModels {
  private RandomModels() {}

  static TrainedModel model(NetworkDefinition definition, InputShape input, int classes, int seed) {
    ComputationGraph graph = new ComputationGraph(definition.builder().build(input, classes, seed));
    graph.init();
    float[] parameters = graph.params().data().asFloat();
    SplittableRandom random = new SplittableRandom(seed);
    for (FlatLayout.Segment segment : FlatLayout.of(graph).segments()) {
      for (int i = segment.offset(); i < segment.end(); i++) {
        parameters[i] = value(segment, parameters[i], random.nextDouble());
      }
    }
    List<String> names = IntStream.range(0, classes).mapToObj(i -> "class" + i).toList();
    float[] ones = new float[input.channels()];
    Arrays.fill(ones, 1);
    ModelCard card =
        new ModelCard(
            1,
            definition.name(),
            input,
            names,
            new float[input.channels()],
            ones,
            AugmentSettings.EvaluationCrop.CENTRE,
            0,
            "",
            Map.of());
    return new TrainedModel(card, parameters);
  }

  /** Weights as they start; biases and statistics such that each of them counts. */
  private static float value(FlatLayout.Segment segment, float start, double random) {
    if (segment.kind() == ParameterKind.WEIGHT) {
      return start;
    }
    boolean positive =
        segment.kind() == ParameterKind.RUNNING_VARIANCE || segment.name().endsWith("_gamma");
    return (float) (positive ? 0.5 + random : 0.4 * (random - 0.5));
  }

  /** [samples, channels, height, width], between -1 and 1. */
  static float[] pixels(InputShape input, int samples, int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] pixels = new float[samples * input.elements()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.nextDouble(-1, 1);
    }
    return pixels;
  }
}
