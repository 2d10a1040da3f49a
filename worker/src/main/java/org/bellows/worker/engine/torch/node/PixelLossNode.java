// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.torch.node;

import java.util.Arrays;
import org.bellows.models.layer.LayerShape;
import org.bellows.models.loss.PixelLoss;
import org.bellows.models.loss.PixelSoftmax;
import org.bellows.worker.engine.torch.pass.Pass;
import org.bytedeco.pytorch.Tensor;

/**
 * Softmax and loss of the logits of each pixel: in training their errors, in inference the
 * probabilities. On a GPU the softmax and the errors are computed there, so that three numbers a
 * pixel travel in place of two a class and pixel; the loss itself, of the labels' probabilities, is
 * computed in Java. Elsewhere, and for losses that compare regions, all is.
 */
public final class PixelLossNode extends HeadNode {
  /** The dimension of the classes. */
  private static final int CHANNELS = 1;

  private final PixelLoss loss;

  /**
   * @param logits [n, classes, height, width]
   */
  public PixelLossNode(String name, LayerShape shape, Node logits, PixelLoss loss) {
    super(name, shape, logits);
    this.loss = loss;
  }

  /** Also probabilities, labels' places and their product. */
  @Override
  public long workBytes(int map) {
    return 2 * super.workBytes(map) + shape().elements();
  }

  @Override
  Tensor compute(Pass pass) {
    if (pass.isTraining()) {
      requireTargets(pass, pixels());
    }
    boolean isInJava = pass.isTraining() && loss.comparesRegions();
    if (pass.device().mode().isAsOnGpu() && !isInJava) {
      computeOnDevice(pass);
    } else {
      computeInJava(pass);
    }
    return input().output();
  }

  /** Of a picture. */
  private int pixels() {
    return Math.toIntExact(shape().elements() / shape().channels());
  }

  private void computeOnDevice(Pass pass) {
    Tensor probabilities = Pass.asFloat(input().output()).softmax(CHANNELS);
    if (!pass.isTraining()) {
      pass.setOutput(pass.device().read(probabilities));
      return;
    }
    int classes = shape().channels();
    Tensor label = ofPixels(pass, labels(pass));
    Tensor isLabel = Pass.asFloat(pass.device().count(classes)).view(1, classes, 1, 1).eq(label);
    // One of the addends is not 0: the sum is exact.
    float[] losses = pass.device().read(probabilities.mul(isLabel).sum(CHANNELS));
    Tensor slope = ofPixels(pass, slopes(pass, losses));
    holdErrors(pass, probabilities.sub_(Pass.asFloat(isLabel)).mul_(slope));
  }

  private float[] labels(Pass pass) {
    int pixels = pixels();
    float[] labels = new float[pass.samples() * pixels];
    for (int i = 0; i < pass.samples(); i++) {
      System.arraycopy(
          pass.training().targets(), i * PixelLoss.width(pixels), labels, i * pixels, pixels);
    }
    return labels;
  }

  /**
   * @param probabilities [n, pixels] of the labels
   * @return [n, pixels]: the gradient by logit j is slope * (p_j - [j = label])
   */
  private float[] slopes(Pass pass, float[] probabilities) {
    int pixels = pixels();
    float[] slopes = new float[probabilities.length];
    for (int i = 0; i < pass.samples(); i++) {
      float[] losses = Arrays.copyOfRange(probabilities, i * pixels, (i + 1) * pixels);
      float[] own = new float[pixels];
      int valid =
          loss.weighInPlace(
              losses, own, pass.training().targets(), i * PixelLoss.width(pixels), 0, pixels);
      pass.addLoss(loss.sumInPlace(losses, own, valid));
      System.arraycopy(own, 0, slopes, i * pixels, pixels);
    }
    return slopes;
  }

  /** [n, 1, height, width]. */
  private Tensor ofPixels(Pass pass, float[] values) {
    long[] shape = shape(pass);
    shape[CHANNELS] = 1;
    return pass.device().of(values, shape);
  }

  private void computeInJava(Pass pass) {
    float[] values = pass.device().read(input().output());
    int length = Math.toIntExact(shape().elements());
    int classes = shape().channels();
    for (int i = 0; i < pass.samples(); i++) {
      float[] picture = Arrays.copyOfRange(values, i * length, (i + 1) * length);
      if (pass.isTraining()) {
        int width = PixelLoss.width(length / classes);
        pass.addLoss(
            loss.toGradientInPlace(picture, classes, pass.training().targets(), i * width));
      } else {
        PixelSoftmax.applyInPlace(picture, classes);
      }
      System.arraycopy(picture, 0, values, i * length, length);
    }
    if (pass.isTraining()) {
      setErrors(pass, values);
    } else {
      pass.setOutput(values);
    }
  }

  private void requireTargets(Pass pass, int pixels) {
    int actual = pass.training().targets().length;
    if (actual != pass.samples() * PixelLoss.width(pixels)) {
      throw new IllegalArgumentException(
          "%s: labels and weights are %d numbers, expected [%d, 2, %d pixels]"
              .formatted(name(), actual, pass.samples(), pixels));
    }
  }
}
