// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.graph;

import org.bellows.models.layer.DenseHead;
import org.bellows.models.layer.LabelFit;
import org.bellows.models.layer.PixelHead;
import org.bellows.models.layer.SoftmaxHead;
import org.bellows.models.loss.HeadLoss;
import org.bellows.models.loss.PixelLoss;

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
   * Softmax of each pixel.
   *
   * @param from logits [n, classes, height, width]
   * @param fit which labels belong to the pixels where there are fewer than the picture has
   */
  public static String pixels(NetworkBuilder builder, String from, LabelFit fit) {
    return builder.layer(OUTPUT, new PixelHead(PixelLoss.crossEntropy(1), fit), from);
  }

  /**
   * Softmax of each pixel whose loss is added to that of the network's answer, times a weight, in
   * training (Zhao et al. 2017, section 3.3).
   *
   * @param from logits [n, classes, height, width], shaped as those of the answer
   * @param weight factor of the head's loss
   */
  public static String auxiliaryPixels(
      NetworkBuilder builder, String name, String from, LabelFit fit, double weight) {
    return builder.layer(name, new PixelHead(PixelLoss.crossEntropy(weight), fit), from);
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
