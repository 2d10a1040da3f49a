// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.model;

import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.bellows.conf.AugmentSettings;
import org.bellows.conf.BellowsException;
import org.bellows.conf.text.Words;
import org.bellows.data.batch.InputSpec;
import org.bellows.data.storage.Storage;
import org.bellows.models.network.Losses;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.models.zoo.NetworkRegistry;
import org.bellows.worker.engine.EngineRequest;
import org.bellows.worker.engine.registry.StepEngines;
import org.bellows.worker.files.FloatArrays;
import org.bellows.worker.files.Json;
import org.bellows.worker.files.VerifiedFolder;
import org.bellows.worker.network.LaneNetwork;

/**
 * A model and what must be known of it.
 *
 * @param parameters flat vector
 */
public record TrainedModel(ModelCard card, float[] parameters) implements Serializable {
  /** Name of the model's folder inside a run's folder. */
  public static final String FOLDER = "model";

  private static final String PARAMETERS = "parameters.bin";
  private static final String CARD = "model.json";

  /** Writes or replaces the model of a run. */
  public void write(Configuration hadoop, String runPath) {
    VerifiedFolder.writeAlone(
        hadoop,
        new Path(Storage.qualify(runPath), FOLDER),
        Map.of(
            PARAMETERS,
            out -> FloatArrays.write(out, List.of(parameters), parameters.length),
            CARD,
            out -> out.write(Json.pretty(card))));
  }

  /**
   * @param path a model's folder, or the folder of the run that holds it
   * @throws BellowsException (data) in one sentence when there is none or it is damaged
   */
  public static TrainedModel read(Configuration hadoop, String path) {
    Path folder = folder(hadoop, path);
    Map<String, byte[]> contents = VerifiedFolder.read(hadoop, folder);
    if (!contents.containsKey(CARD) || !contents.containsKey(PARAMETERS)) {
      throw BellowsException.data(
          folder + " is not a model: it holds only " + Words.and(contents.keySet()));
    }
    Path cardFile = new Path(folder, CARD);
    ModelCard card =
        Json.read(contents.get(CARD), ModelCard.class, cardFile).requireSound(cardFile);
    List<float[]> arrays = FloatArrays.read(contents.get(PARAMETERS), new Path(folder, PARAMETERS));
    if (arrays.size() != 1) {
      throw BellowsException.data(
          "%s holds %d parameter vectors, expected 1".formatted(folder, arrays.size()));
    }
    int odd = FloatArrays.firstNotFinite(arrays.get(0));
    if (odd >= 0) {
      throw BellowsException.data(
          "parameter %d of the model in %s is %s".formatted(odd, folder, arrays.get(0)[odd]));
    }
    TrainedModel model = new TrainedModel(card, arrays.get(0));
    model.requireLength(new Path(folder, PARAMETERS));
    return model;
  }

  /** As the network's configuration tells it: a card may ask for one that no memory holds. */
  private void requireLength(Object where) {
    NetworkDefinition network = definition(card);
    network
        .sides()
        .needed(card.input().height(), card.input().width())
        .ifPresent(
            needed -> {
              throw BellowsException.data(
                  "the model in %s is a %s for %s, which needs sides %s"
                      .formatted(where, network.name(), card.input(), needed));
            });
    long expected = expectedParameters(network, where);
    if (expected != parameters.length) {
      throw BellowsException.data(
          "%s holds %,d parameters, %s for %s and %d classes has %,d"
              .formatted(
                  where,
                  parameters.length,
                  card.network(),
                  card.input(),
                  card.classes().size(),
                  expected));
    }
  }

  private long expectedParameters(NetworkDefinition network, Object where) {
    int classes = card.classes().size();
    try {
      return network.graph(card.input(), classes).parameters();
    } catch (RuntimeException e) {
      throw BellowsException.data(
          "there is no %s for %s and %d classes, as the model in %s says: %s"
              .formatted(network.name(), card.input(), classes, where, Storage.reason(e)),
          e);
    }
  }

  private static Path folder(Configuration hadoop, String path) {
    Path given = Storage.qualify(path);
    Path inRun = new Path(given, FOLDER);
    try {
      for (Path candidate : List.of(given, inRun)) {
        Path manifest = new Path(candidate, VerifiedFolder.MANIFEST);
        if (Storage.fileSystem(hadoop, given).exists(manifest)) {
          return candidate;
        }
      }
    } catch (IOException e) {
      throw Storage.failure("reading " + given, e);
    }
    throw BellowsException.data(
        "there is no model at "
            + given
            + ": neither it nor "
            + inRun
            + " holds a "
            + VerifiedFolder.MANIFEST);
  }

  /**
   * @throws BellowsException (data) when this version has no such network
   */
  public static NetworkDefinition definition(ModelCard card) {
    return NetworkRegistry.standard().all().stream()
        .filter(known -> known.name().equals(card.network()))
        .findFirst()
        .map(known -> card.multiLabelled() ? Losses.multiLabel(known) : known)
        .orElseThrow(
            () ->
                BellowsException.data(
                    "the model is a \"%s\", a network that this version of Bellows does not have"
                        .formatted(card.network())));
  }

  /** As below, on the usual engine in its usual arithmetic. */
  public LaneNetwork open() {
    return open(EngineRequest.named(StepEngines.USUAL));
  }

  /**
   * Builds the network and puts the parameters in.
   *
   * @param engine that computes it
   * @throws BellowsException (configuration) when the engine cannot compute it here
   */
  public LaneNetwork open(EngineRequest engine) {
    requireLength("the model");
    LaneNetwork network =
        new LaneNetwork(definition(card), card.input(), card.classes().size(), 0, engine);
    network.writeParameters(parameters);
    return network;
  }

  /** How images become the network's input in evaluation. */
  public InputSpec inputSpec(AugmentSettings augment) {
    return new InputSpec(
        augment.withEvaluation(card.evaluationCrop(), card.resizePixels(), card.interpolation()),
        card.input().channels(),
        card.input().height(),
        card.input().width(),
        card.mean(),
        card.standardDeviation(),
        0);
  }
}
