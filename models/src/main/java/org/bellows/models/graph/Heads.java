// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.graph;

import org.bellows.models.layer.DenseHead;
import org.bellows.models.layer.SoftmaxHead;
import org.bellows.models.loss.HeadLoss;

/** Where a graph begins and ends: the image's vertex, and softmax with cross-entropy. */
public final class Heads {
  /** The one input, [n, channels, height, width]. */
  public static final String INPUT = "image";

  /** The network's answer, [n, classes]. */
  public static final String OUTPUT = "output";

  private Heads() {}

  /** A dense layer whose softmax is the network's answer. */
  public static String classifier(
      NetworkBuilder builder, String from, int classes, WeightInitializers weights) {
    return auxiliary(builder, OUTPUT, from, classes, new AuxiliaryStyle(weights, 1));
  }

  /**
   * Softmax of what is there already.
   *
   * @param from [n, classes]
   */
  public static String softmax(NetworkBuilder builder, String from) {
    return builder.layer(OUTPUT, new SoftmaxHead(HeadLoss.crossEntropy(1)), from);
  }

  /**
   * A dense layer with softmax whose cross-entropy is added to the loss, times a weight, in
   * training; see Szegedy et al. 2014, section 5.
   */
  public static String auxiliary(
      NetworkBuilder builder, String name, String from, int classes, AuxiliaryStyle style) {
    return builder.layer(
        name,
        new DenseHead(
            classes,
            style.weights().of(builder.elements(from), classes),
            // Single precision, as in the models that were trained with it.
            HeadLoss.crossEntropy((float) style.loss())),
        from);
  }

  /**
   * @param loss factor of the head's cross-entropy
   */
  public record AuxiliaryStyle(WeightInitializers weights, double loss) {}
}
