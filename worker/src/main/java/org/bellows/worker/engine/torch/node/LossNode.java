// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.torch.node;

import org.bellows.models.layer.LayerShape;
import org.bellows.models.loss.HeadLoss;
import org.bellows.worker.engine.torch.pass.Pass;
import org.bytedeco.pytorch.Tensor;

/** Softmax and loss of logits: in training their errors, in inference the probabilities. */
public final class LossNode extends HeadNode {
  private final HeadLoss loss;

  /**
   * @param logits [n, classes], or [n, classes, 1, 1]
   */
  public LossNode(String name, LayerShape shape, Node logits, HeadLoss loss) {
    super(name, shape, logits);
    this.loss = loss;
  }

  @Override
  Tensor compute(Pass pass) {
    double[] logits = doubles(pass.device().read(input().output()));
    int classes = Math.toIntExact(shape().elements());
    if (!pass.isTraining()) {
      pass.setOutput(loss.probabilities(logits, classes));
      return input().output();
    }
    double[] slopes = new double[logits.length];
    for (double ofSample :
        loss.losses(doubles(pass.training().targets()), logits, classes, slopes)) {
      pass.addLoss(ofSample);
    }
    float[] rounded = new float[slopes.length];
    for (int i = 0; i < rounded.length; i++) {
      rounded[i] = (float) slopes[i];
    }
    setErrors(pass, rounded);
    return input().output();
  }

  private static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }
}
