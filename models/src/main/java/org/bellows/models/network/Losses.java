// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.network;

import org.bellows.conf.LossSettings;
import org.bellows.models.layer.DenseHead;
import org.bellows.models.layer.Layer;
import org.bellows.models.layer.PixelHead;
import org.bellows.models.layer.SoftmaxHead;
import org.bellows.models.loss.BinaryCrossEntropy;
import org.bellows.models.loss.HeadLoss;
import org.bellows.models.loss.PixelLoss;
import org.bellows.models.loss.SoftmaxCrossEntropy;

/** Puts the loss that {@code loss.*} asks for in the place of a network's own. */
public final class Losses {
  private Losses() {}

  /**
   * A network whose heads have the loss of the settings: weighted targets, with a teacher its
   * answers after them, or binary cross-entropy; the network itself if its own loss is sufficient.
   * An auxiliary head keeps its factor.
   */
  public static NetworkDefinition configured(NetworkDefinition network, LossSettings loss) {
    if (loss.function() == LossSettings.LossFunction.CROSS_ENTROPY
        && !loss.hasTeacher()
        && loss.classWeights().areAlike()
        && loss.isPlainOfPixels()) {
      return network;
    }
    return network.withLayers(layer -> configured(layer, loss));
  }

  /**
   * A network for samples of any number of classes: binary cross-entropy, and a probability of each
   * class by itself. An auxiliary head keeps its factor.
   */
  public static NetworkDefinition multiLabel(NetworkDefinition network) {
    return network.withLayers(Losses::multiLabel);
  }

  private static Layer multiLabel(Layer layer) {
    if (layer instanceof DenseHead head) {
      return new DenseHead(head.classes(), head.weights(), multiLabel(head.loss()));
    }
    return layer instanceof SoftmaxHead head ? new SoftmaxHead(multiLabel(head.loss())) : layer;
  }

  private static HeadLoss multiLabel(HeadLoss own) {
    return own instanceof BinaryCrossEntropy binary
        ? binary.ofSeveral()
        : new BinaryCrossEntropy(own.factor()).ofSeveral();
  }

  private static Layer configured(Layer layer, LossSettings loss) {
    if (layer instanceof PixelHead head) {
      return new PixelHead(configured(head.loss(), loss), head.fit());
    }
    if (layer instanceof DenseHead head) {
      return new DenseHead(head.classes(), head.weights(), configured(head.loss(), loss));
    }
    return layer instanceof SoftmaxHead head
        ? new SoftmaxHead(configured(head.loss(), loss))
        : layer;
  }

  /** Weights of classes and pixels are the targets' business. */
  private static PixelLoss configured(PixelLoss own, LossSettings loss) {
    return new PixelLoss(
        own.factor(),
        loss.crossEntropyWeight(),
        loss.focalGamma(),
        loss.hardPixelShare(),
        loss.diceWeight(),
        loss.lovaszWeight());
  }

  private static HeadLoss configured(HeadLoss own, LossSettings loss) {
    return switch (loss.function()) {
      case CROSS_ENTROPY ->
          new SoftmaxCrossEntropy(
              own.factor(),
              true,
              loss.hasTeacher() ? loss.teacherShare() : 0,
              loss.teacherTemperature());
      case BINARY_CROSS_ENTROPY ->
          new BinaryCrossEntropy(
              own.factor(),
              false,
              !loss.positiveWeights().areAlike(),
              loss.hasTeacher() ? loss.teacherShare() : 0,
              loss.hasTeacher() ? loss.teacherTemperature() : 1);
    };
  }
}
