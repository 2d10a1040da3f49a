// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.train;

import java.util.List;
import java.util.Optional;
import org.bellows.conf.LossSettings;
import org.bellows.data.batch.PixelTargets;
import org.bellows.data.manifest.PixelClass;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.layer.LabelFit;
import org.bellows.models.layer.LayerShape;
import org.bellows.models.layer.PixelHead;

/**
 * From label maps to what a loss of pixels is given ({@link org.bellows.models.loss.PixelLoss}): of
 * each picture the labels and then the weights of the pixels that the network answers to. A pixel
 * of class c has the weight
 *
 * <pre>
 * w = (w_c + b) / d             0 where it is void
 *
 * b   of loss.border-weight, where this is set ({@link org.bellows.data.border.BorderWeights})
 * d   loss.normalisation = picture   the picture's pixels that have a class
 *                          batch     those of the global batch / its pictures
 *                          none      1
 * </pre>
 *
 * with w_c as {@link ClassWeighting} has it. The loss of a batch is the mean over its pictures,
 * whatever they hold.
 */
final class PixelLabels {
  private final LossSettings.Normalisation normalisation;
  private final double[] weights;
  private final LabelFit fit;
  private final int height;
  private final int width;

  /**
   * @param weights one a class, or none
   * @param network whose answer is of pixels
   */
  PixelLabels(
      LossSettings.Normalisation normalisation, List<Double> weights, NetworkGraph network) {
    PixelHead head = network.pixelHead().orElseThrow();
    LayerShape.FeatureMap map = network.shape(network.answer()).asMap();
    this.normalisation = normalisation;
    this.weights = weights.stream().mapToDouble(Double::doubleValue).toArray();
    this.fit = head.fit();
    this.height = map.height();
    this.width = map.width();
  }

  /** Of a network that answers to pixels. */
  static Optional<PixelLabels> of(TrainingPlan plan) {
    NetworkGraph network = plan.network().graph(plan.input(), plan.classes().size());
    return network.pixelHead().isPresent()
        ? Optional.of(
            new PixelLabels(plan.settings().loss().normalisation(), plan.classWeights(), network))
        : Optional.empty();
  }

  /** Whether the pixels of the whole global batch must be counted before its losses are taken. */
  boolean needCount() {
    return normalisation == LossSettings.Normalisation.BATCH;
  }

  /** Pixels that the network answers to and that have a class. */
  long counted(PixelTargets targets) {
    long counted = 0;
    for (int picture = 0; picture < targets.samples(); picture++) {
      counted += counted(targets, picture);
    }
    return counted;
  }

  private int counted(PixelTargets targets, int picture) {
    int counted = 0;
    for (int row = 0; row < height; row++) {
      for (int column = 0; column < width; column++) {
        counted += label(targets, at(targets, picture, row, column)) == PixelClass.VOID ? 0 : 1;
      }
    }
    return counted;
  }

  /**
   * @param ofMean pixels with a class in the global batch / its pictures; used where {@link
   *     #needCount}
   * @return [n, 2, height, width]
   * @throws IllegalStateException for a label that is neither a class nor void
   */
  float[] of(PixelTargets targets, double ofMean) {
    int pixels = height * width;
    float[] out = new float[targets.samples() * 2 * pixels];
    for (int picture = 0; picture < targets.samples(); picture++) {
      double share = share(targets, picture, ofMean);
      int to = picture * 2 * pixels;
      for (int row = 0; row < height; row++) {
        for (int column = 0; column < width; column++, to++) {
          int from = at(targets, picture, row, column);
          int label = label(targets, from);
          if (label != PixelClass.VOID) {
            out[to] = label;
            out[to + pixels] = (float) ((weight(label) + border(targets, from)) * share);
          }
        }
      }
    }
    return out;
  }

  private double share(PixelTargets targets, int picture, double ofMean) {
    double divisor =
        switch (normalisation) {
          case PICTURE -> counted(targets, picture);
          case BATCH -> ofMean;
          case NONE -> 1;
        };
    return divisor == 0 ? 0 : 1 / divisor;
  }

  private static double border(PixelTargets targets, int at) {
    return targets.borders().isPresent() ? targets.borders().get()[at] : 0;
  }

  private double weight(int label) {
    return weights.length == 0 ? 1 : weights[label];
  }

  private int at(PixelTargets targets, int picture, int row, int column) {
    return (picture * targets.height() + fit.source(row, height, targets.height()))
            * targets.width()
        + fit.source(column, width, targets.width());
  }

  private static int label(PixelTargets targets, int at) {
    int label = targets.labels()[at] & 0xFF;
    if (label >= targets.classes() && label != PixelClass.VOID) {
      throw new IllegalStateException(
          "a pixel has the label %d, allowed: 0 to %d, or %d (void)"
              .formatted(label, targets.classes() - 1, PixelClass.VOID));
    }
    return label;
  }
}
