// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.features;

import java.io.Serializable;
import java.util.List;
import org.bellows.conf.BellowsException;
import org.bellows.conf.Settings.Pooling;
import org.bellows.conf.text.Words;
import org.bellows.models.network.LayerCost;
import org.bellows.models.network.LayerCosts;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.worker.model.ModelCard;
import org.bellows.worker.model.TrainedModel;

/**
 * The outputs that are requested for each image.
 *
 * @param layer whose output is kept
 * @param pooling how a map becomes a vector
 * @param top likeliest classes that are kept, too; 0: none, and no layer after this one is computed
 */
public record FeatureRequest(String layer, Pooling pooling, int top) implements Serializable {

  /**
   * @param layer empty: the layer that the network's last one reads
   * @throws BellowsException (configuration) naming the layers that there are; (data) for a model
   *     of an unknown network
   */
  public static FeatureRequest of(ModelCard card, String layer, Pooling pooling, int top) {
    NetworkDefinition network = TrainedModel.definition(card);
    if (top > 0 && network.isOfPixels()) {
      throw BellowsException.configuration(
          "features.top is %d, but %s says a class of each pixel and none of the image; allowed: 0"
              .formatted(top, card.network()));
    }
    List<LayerCost> layers = layers(network, card);
    if (layer.isEmpty()) {
      return new FeatureRequest(last(layers).inputs().get(0), pooling, top);
    }
    if (layers.stream().noneMatch(known -> known.name().equals(layer))) {
      throw BellowsException.configuration(
          "%s has no layer \"%s\"; it has %s"
              .formatted(
                  card.network(), layer, Words.and(layers.stream().map(LayerCost::name).toList())));
    }
    return new FeatureRequest(layer, pooling, top);
  }

  /**
   * The probabilities of all classes, by label.
   *
   * @throws BellowsException (configuration) for a network that says a class of each pixel
   */
  public static FeatureRequest ofProbabilities(ModelCard card) {
    NetworkDefinition network = TrainedModel.definition(card);
    if (network.isOfPixels()) {
      throw BellowsException.configuration(
          "%s says a class of each pixel and none of the image".formatted(card.network()));
    }
    return new FeatureRequest(last(layers(network, card)).name(), Pooling.FLAT, 0);
  }

  private static List<LayerCost> layers(NetworkDefinition network, ModelCard card) {
    return LayerCosts.of(network, card.input(), card.classes().size()).stream()
        .filter(known -> !known.auxiliary())
        .toList();
  }

  /**
   * No other vertex reads the network's answer; it is the only such one without auxiliary heads.
   */
  private static LayerCost last(List<LayerCost> layers) {
    return layers.stream()
        .filter(last -> layers.stream().noneMatch(other -> other.inputs().contains(last.name())))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("a network without a last layer"));
  }
}
