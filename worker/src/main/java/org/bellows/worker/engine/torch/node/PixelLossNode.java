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
 * Softmax and loss of the logits of each pixel, in Java: in training their errors, in inference the
 * probabilities.
 */
public final class PixelLossNode extends HeadNode {
  private final PixelLoss loss;

  /**
   * @param logits [n, classes, height, width]
   */
  public PixelLossNode(String name, LayerShape shape, Node logits, PixelLoss loss) {
    super(name, shape, logits);
    this.loss = loss;
  }

  @Override
  Tensor compute(Pass pass) {
    float[] values = pass.device().read(input().output());
    int length = Math.toIntExact(shape().elements());
    int classes = shape().channels();
    requireTargets(pass, length / classes);
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
    return input().output();
  }

  private void requireTargets(Pass pass, int pixels) {
    if (!pass.isTraining()) {
      return;
    }
    int actual = pass.training().targets().length;
    if (actual != pass.samples() * PixelLoss.width(pixels)) {
      throw new IllegalArgumentException(
          "%s: labels and weights are %d numbers, expected [%d, 2, %d pixels]"
              .formatted(name(), actual, pass.samples(), pixels));
    }
  }
}
