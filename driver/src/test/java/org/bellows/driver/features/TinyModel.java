// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.features;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.bellows.conf.AugmentSettings.EvaluationCrop;
import org.bellows.models.graph.InputShape;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.models.zoo.NetworkRegistry;
import org.bellows.worker.files.FloatArrays;
import org.bellows.worker.model.ModelCard;
import org.bellows.worker.model.TrainedModel;
import org.bellows.worker.natives.NativeLibraries;
import org.bellows.worker.network.LaneNetwork;

/** A network that was never trained: its features are as good as any for what is tested. */
public final class TinyModel {
  public static final List<String> CLASSES = List.of("a", "b", "c", "d", "e");
  private static final InputShape INPUT = new InputShape(3, 32, 32);

  private TinyModel() {}

  /** For measurements: FOLDER NETWORK SIDE. */
  public static void main(String[] args) {
    int side = Integer.parseInt(args[2]);
    of(args[1], new InputShape(3, side, side), 1).write(new Configuration(), args[0]);
  }

  public static TrainedModel of(String network, long seed) {
    return of(network, INPUT, seed);
  }

  private static TrainedModel of(String network, InputShape input, long seed) {
    boolean isOfPixels = NetworkRegistry.standard().get(network).isOfPixels();
    return of(network, input, seed, isOfPixels ? EvaluationCrop.RESIZE : EvaluationCrop.CENTRE);
  }

  /** With another way to cut pictures for evaluations. */
  public static TrainedModel of(String network, long seed, EvaluationCrop crop) {
    return of(network, INPUT, seed, crop);
  }

  private static TrainedModel of(String network, InputShape input, long seed, EvaluationCrop crop) {
    NativeLibraries.load();
    NetworkDefinition definition = NetworkRegistry.standard().get(network);
    try (LaneNetwork lane = new LaneNetwork(definition, input, CLASSES.size(), seed)) {
      float[] parameters = new float[lane.layout().length()];
      lane.readParameters(parameters);
      ModelCard card =
          new ModelCard(
              ModelCard.FORMAT_VERSION,
              network,
              input,
              CLASSES,
              new float[] {0.5f, 0.45f, 0.4f},
              new float[] {0.25f, 0.24f, 0.26f},
              crop,
              input.height() * 8 / 7,
              FloatArrays.sha256(parameters, parameters.length),
              Map.of());
      return new TrainedModel(card, parameters);
    }
  }

  /** Returns the model for what the test wants to compute itself. */
  public static TrainedModel write(Path folder, String network, long seed) {
    TrainedModel model = of(network, seed);
    model.write(new Configuration(), folder.toString());
    return model;
  }
}
