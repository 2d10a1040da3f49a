// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.tune;

import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ConfigurationException;
import org.bellows.conf.Problem;
import org.bellows.conf.Settings;
import org.bellows.conf.part.TrainingSettings;
import org.bellows.models.graph.InputShape;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.models.zoo.NetworkRegistry;
import org.bellows.worker.files.FloatArrays;
import org.bellows.worker.model.ModelCard;
import org.bellows.worker.model.TrainedModel;

/**
 * A run that starts from a trained model.
 *
 * @param network that the run trains
 * @param classes of the run
 */
public record FineTuning(
    TrainingSettings settings, NetworkDefinition network, List<String> classes) {

  /**
   * Reads {@code model.from}, if there is one, and checks all that has to do with it.
   *
   * @throws ConfigurationException with everything that does not fit
   * @throws BellowsException (data) when there is no such model or it is damaged
   */
  public StartingModel check(Configuration hadoop) {
    List<Problem> problems = new ArrayList<>(new FrozenLayersCheck(this).problems());
    StartingModel start = StartingModel.none();
    if (settings.model().hasStart()) {
      TrainedModel model = TrainedModel.read(hadoop, settings.model().from());
      List<Problem> unfit = unfit(model.card());
      problems.addAll(unfit);
      if (unfit.isEmpty()) {
        start = start(model);
        if (start.taken().isEmpty()) {
          problems.add(
              new Problem(
                  "model.from",
                  "%s is a %s, of which no array has the name and shape of one of %s"
                      .formatted(settings.model().from(), model.card().network(), network.name())));
        }
        problems.addAll(new FrozenLayersCheck(this).problemsOf(start.fresh()));
      }
    }
    if (!problems.isEmpty()) {
      throw new ConfigurationException(problems);
    }
    return start;
  }

  private StartingModel start(TrainedModel model) {
    ModelCard card = model.card();
    ParameterTransfer transfer = transfer(card);
    return new StartingModel(
        sha256(model),
        floats(card.mean()),
        floats(card.standardDeviation()),
        transfer.taken(),
        transfer.fresh());
  }

  private static String sha256(TrainedModel model) {
    return FloatArrays.sha256(model.parameters(), model.parameters().length);
  }

  private static List<Float> floats(float[] values) {
    List<Float> floats = new ArrayList<>();
    for (float value : values) {
      floats.add(value);
    }
    return floats;
  }

  private ParameterTransfer transfer(ModelCard card) {
    Settings.Model model = settings.model();
    InputShape input = new InputShape(model.channels(), model.heightPixels(), model.widthPixels());
    NetworkDefinition from = NetworkRegistry.standard().get(card.network());
    return ParameterTransfer.of(from, card, network, input, classes);
  }

  /**
   * A network that answers for each pixel starts from any other whose layers have its names, for
   * images of any size. Classifiers start from the same network only: where that is not meant it is
   * a mistake that costs a training.
   */
  private List<Problem> unfit(ModelCard card) {
    Settings.Model model = settings.model();
    InputShape input = card.input();
    List<Problem> problems = new ArrayList<>();
    require(problems, "model.channels", model.channels(), input.channels());
    if (network.isOfPixels()) {
      return problems;
    }
    require(problems, "model.name", model.name(), card.network());
    require(problems, "model.height-pixels", model.heightPixels(), input.height());
    require(problems, "model.width-pixels", model.widthPixels(), input.width());
    return problems;
  }

  private void require(List<Problem> problems, String key, Object asked, Object has) {
    if (!asked.equals(has)) {
      problems.add(
          new Problem(
              key,
              "is %s, but model.from %s has %s; allowed: that"
                  .formatted(asked, settings.model().from(), has)));
    }
  }

  /**
   * Puts the model's parameters over those of a run that begins.
   *
   * @param start the result of {@link #check}
   * @param vector flat, of the run
   * @throws BellowsException (data) when the model's parameters are others by now
   */
  public void begin(Configuration hadoop, StartingModel start, float[] vector) {
    TrainedModel model = TrainedModel.read(hadoop, settings.model().from());
    if (!sha256(model).equals(start.parametersSha256())) {
      throw BellowsException.data(
          "model.from %s has parameters %s, the run began with %s"
              .formatted(settings.model().from(), sha256(model), start.parametersSha256()));
    }
    transfer(model.card()).apply(model.parameters(), vector);
  }
}
