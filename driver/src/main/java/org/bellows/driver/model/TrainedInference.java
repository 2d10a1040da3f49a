// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.model;

import java.io.Serializable;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ConfigurationException;
import org.bellows.conf.PixelInference;
import org.bellows.conf.Settings;
import org.bellows.conf.load.ModelInference;
import org.bellows.worker.model.TrainedEnsemble;
import org.bellows.worker.segment.InferenceLimits;

/**
 * How models for pixels are shown pictures by a command: as the evaluations of their training did,
 * where the command's settings do not say.
 *
 * @param settings of the command, with what the models say in place of defaults
 * @param text for people; empty for models of images' classes
 */
public record TrainedInference(Settings settings, String text) implements Serializable {
  private static final String KEY = "evaluate.inference";

  /**
   * @throws BellowsException (data) when a model says what is no setting; (configuration) when the
   *     training of the models differs in it and the settings do not say, or a network cannot be
   *     shown pictures so
   */
  public static TrainedInference of(TrainedEnsemble trained, Settings settings) {
    if (!trained.isOfPixels()) {
      return new TrainedInference(settings, "");
    }
    Set<PixelInference> ofModels =
        trained.members().stream()
            .map(model -> model.card().pixelInference())
            .filter(Objects::nonNull)
            .collect(Collectors.toCollection(LinkedHashSet::new));
    Set<PixelInference> resolved =
        ofModels.stream()
            .map(ofModel -> in(settings, ofModel).evaluate().ofPixels())
            .collect(Collectors.toCollection(LinkedHashSet::new));
    if (resolved.size() > 1) {
      throw BellowsException.configuration(
          "the models' training showed them pictures in %d ways (%s), and the settings leave open which one is meant; expected %s, and what belongs to it, to be set"
              .formatted(
                  ofModels.size(),
                  ofModels.stream().map(Object::toString).collect(Collectors.joining("; ")),
                  KEY));
    }
    Settings shown = ofModels.isEmpty() ? settings : in(settings, ofModels.iterator().next());
    PixelInference inference = shown.evaluate().ofPixels();
    InferenceLimits.require(trained, inference.inference());
    return new TrainedInference(
        shown,
        "pictures are shown to the network so: %s%s"
            .formatted(inference, why(settings, ofModels, inference)));
  }

  private static Settings in(Settings settings, PixelInference ofModel) {
    try {
      return ModelInference.in(settings, ofModel);
    } catch (ConfigurationException e) {
      throw BellowsException.data(
          "the model's pixelInference (model.json) is none: " + e.problems().get(0));
    }
  }

  private static String why(
      Settings settings, Set<PixelInference> ofModels, PixelInference inference) {
    if (ofModels.contains(inference)) {
      return " (as in its training)";
    }
    if (ofModels.isEmpty() && !settings.given().contains(KEY)) {
      return " (%s is not set, and the model does not say how its training did it)".formatted(KEY);
    }
    return ofModels.isEmpty()
        ? ""
        : " (in its training: %s)"
            .formatted(ofModels.stream().map(Object::toString).collect(Collectors.joining("; ")));
  }
}
