// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn.node;

import java.nio.FloatBuffer;
import java.util.List;
import org.bellows.models.loss.PixelLoss;
import org.bellows.models.loss.PixelSoftmax;
import org.bellows.worker.engine.onednn.plan.OneDnn;
import org.bellows.worker.engine.onednn.plan.PlanBuilder;
import org.bellows.worker.engine.onednn.plan.StepContext;
import org.bellows.worker.engine.onednn.plan.Tensor;

/**
 * Softmax and loss of the logits of each pixel: in training their errors, in inference the
 * probabilities. Java holds the logits of one picture at a time.
 */
public final class PixelLossNode extends Node {
  private final PixelLoss loss;
  private Tensor logitsError;

  /**
   * @param logits [n, classes, height, width]
   */
  public PixelLossNode(String name, Node logits, PixelLoss loss) {
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
    float[] picture = new float[Math.toIntExact(logits.elements() / plan.samples())];
    FloatBuffer all = logits.floats(logits.elements());
    if (plan.isTraining()) {
      logitsError = error(plan, logits);
      FloatBuffer errors = logitsError.floats(logits.elements());
      plan.run("loss", context -> run(context, all, picture, classes, errors));
    } else {
      plan.run("softmax", context -> context.setOutput(probabilities(all, picture, classes)));
    }
    return logits;
  }

  /** In the logits' own memory if no other node needs them. */
  private static Tensor error(PlanBuilder plan, Tensor logits) {
    if (!plan.isOnlyReference(logits)) {
      return plan.tensor(logits.layout());
    }
    plan.retain(logits);
    return logits;
  }

  private void run(
      StepContext context, FloatBuffer logits, float[] picture, int classes, FloatBuffer errors) {
    int width = PixelLoss.width(picture.length / classes);
    int samples = logits.capacity() / picture.length;
    if (context.targets().length != samples * width) {
      throw new IllegalArgumentException(
          "%s: labels and weights are %d numbers, expected [%d, 2, %d pixels]"
              .formatted(name(), context.targets().length, samples, width / 2));
    }
    for (int i = 0; i < samples; i++) {
      logits.get(i * picture.length, picture);
      context.addLoss(loss.toGradientInPlace(picture, classes, context.targets(), i * width));
      errors.put(i * picture.length, picture);
    }
  }

  private static float[] probabilities(FloatBuffer logits, float[] picture, int classes) {
    float[] answer = new float[logits.capacity()];
    for (int at = 0; at < answer.length; at += picture.length) {
      logits.get(at, picture);
      PixelSoftmax.applyInPlace(picture, classes);
      System.arraycopy(picture, 0, answer, at, picture.length);
    }
    return answer;
  }

  @Override
  public void backward(PlanBuilder plan, Tensor outputGradient) {
    pass(plan, input(), logitsError);
  }
}
