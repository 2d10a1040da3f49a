// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn.node;

import java.util.List;
import org.bellows.models.loss.HeadLoss;
import org.bellows.worker.engine.onednn.plan.OneDnn;
import org.bellows.worker.engine.onednn.plan.PlanBuilder;
import org.bellows.worker.engine.onednn.plan.Tensor;

/** Softmax or sigmoid, and loss, of logits: in training errors, in inference probabilities. */
public final class LossNode extends Node {
  private final HeadLoss loss;
  private Tensor logitsError;

  /**
   * @param logits [n, classes], or [n, classes, 1, 1]
   */
  public LossNode(String name, Node logits, HeadLoss loss) {
    super(name, List.of(logits));
    this.loss = loss;
  }

  @Override
  public boolean isHead() {
    return true;
  }

  @Override
  public Tensor forward(PlanBuilder plan) {
    Tensor logits = plan.inLayout(input().output(), OneDnn.plain(input().output().shape()));
    int classes = Math.toIntExact(logits.shape()[1]);
    float[] values = new float[plan.samples() * classes];
    if (plan.isTraining()) {
      logitsError = plan.tensor(logits.layout());
      double[] error = new double[values.length];
      plan.run(
          "loss",
          context -> {
            double[] z = read(logits, values);
            for (double ofSample : loss.losses(doubles(context.targets()), z, classes, error)) {
              context.addLoss(ofSample);
            }
            for (int i = 0; i < values.length; i++) {
              values[i] = (float) error[i];
            }
            logitsError.floats(values.length).put(values);
          });
    } else {
      plan.run(
          loss.isMultiLabel() ? "sigmoid" : "softmax",
          context -> context.setOutput(loss.probabilities(read(logits, values), classes)));
    }
    return logits;
  }

  /**
   * @param buffer as many as are read
   */
  private static double[] read(Tensor logits, float[] buffer) {
    logits.floats(buffer.length).get(buffer);
    return doubles(buffer);
  }

  private static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }

  @Override
  public void backward(PlanBuilder plan, Tensor outputGradient) {
    pass(plan, input(), logitsError);
  }
}
