package org.bellows.worker.engine;

import java.util.List;
import org.bellows.models.loss.HeadLoss;

/** Softmax and loss of logits: in training their errors, in inference the probabilities. */
final class LossNode extends Node {
  private final HeadLoss loss;
  private Tensor logitsError;

  /**
   * @param logits [n, classes], or [n, classes, 1, 1]
   */
  LossNode(String name, Node logits, HeadLoss loss) {
    super(name, List.of(logits));
    this.loss = loss;
  }

  @Override
  Tensor forward(PlanBuilder plan) {
    Tensor logits = plan.inLayout(input().output(), OneDnn.plain(input().output().shape()));
    int classes = Math.toIntExact(logits.shape()[1]);
    float[] z = new float[plan.samples() * classes];
    if (plan.isTraining()) {
      logitsError = plan.tensor(logits.layout());
      float[] error = new float[z.length];
      plan.run(
          "loss",
          pass -> {
            logits.floats(z.length).get(z);
            for (float ofSample : loss.losses(pass.targets(), z, classes, error)) {
              pass.addLoss(ofSample);
            }
            logitsError.floats(z.length).put(error);
          });
    } else {
      plan.run(
          "softmax",
          pass -> {
            logits.floats(z.length).get(z);
            pass.setAnswer(HeadLoss.probabilities(z, classes));
          });
    }
    return logits;
  }

  @Override
  void backward(PlanBuilder plan, Tensor error) {
    pass(plan, input(), logitsError);
  }
}
