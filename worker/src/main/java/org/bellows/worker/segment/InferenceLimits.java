// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.segment;

import org.bellows.conf.BellowsException;
import org.bellows.conf.EvaluateSettings;
import org.bellows.conf.text.ValueText;
import org.bellows.models.graph.InputShape;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.layer.LabelFit;
import org.bellows.models.layer.LayerShape.FeatureMap;
import org.bellows.worker.model.ModelCard;
import org.bellows.worker.model.TrainedEnsemble;
import org.bellows.worker.model.TrainedModel;

/** Which networks can be shown pictures in which way. */
public final class InferenceLimits {
  private InferenceLimits() {}

  /**
   * Of each network of an ensemble, without building it on an engine.
   *
   * @param trained whose networks say a class of each pixel
   * @throws BellowsException (configuration) as below
   */
  public static void require(TrainedEnsemble trained, EvaluateSettings.Inference inference) {
    for (TrainedModel model : trained.members()) {
      ModelCard card = model.card();
      int classes = card.classes().size();
      require(TrainedModel.definition(card).graph(card.input(), classes), inference);
    }
  }

  /**
   * @param network that says a class of each pixel
   * @throws BellowsException (configuration) when it answers for the middle of what it is shown,
   *     and pictures are not put together from such middles
   */
  public static void require(NetworkGraph network, EvaluateSettings.Inference inference) {
    InputShape input = network.inputShape();
    FeatureMap answers = network.shape(network.answer()).asMap();
    boolean hasRim =
        network.pixelHead().orElseThrow().fit() == LabelFit.CENTRE
            && (answers.height() < input.height() || answers.width() < input.width());
    if (hasRim && inference != EvaluateSettings.Inference.TILES) {
      throw BellowsException.configuration(
          "evaluate.inference is %s, but the network answers for the middle %d x %d of %d x %d pixels only; allowed: tiles"
              .formatted(
                  ValueText.name(inference),
                  answers.height(),
                  answers.width(),
                  input.height(),
                  input.width()));
    }
  }
}
