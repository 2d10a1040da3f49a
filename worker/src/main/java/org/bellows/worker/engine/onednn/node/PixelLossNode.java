// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn.node;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.dnnl_forward_training;
import static org.bytedeco.dnnl.global.dnnl.dnnl_softmax_forward_desc_init;

import java.nio.FloatBuffer;
import java.util.List;
import org.bellows.models.loss.PixelLoss;
import org.bellows.models.loss.PixelSoftmax;
import org.bellows.worker.engine.onednn.loss.PixelErrors;
import org.bellows.worker.engine.onednn.plan.Arguments;
import org.bellows.worker.engine.onednn.plan.OneDnn;
import org.bellows.worker.engine.onednn.plan.PlanBuilder;
import org.bellows.worker.engine.onednn.plan.StepContext;
import org.bellows.worker.engine.onednn.plan.Tensor;
import org.bytedeco.dnnl.dnnl_softmax_desc_t;

/**
 * Softmax and loss of the logits of each pixel: in training their errors, in inference the
 * probabilities. In training the softmax is oneDNN's, and it and the errors are in the layout that
 * the logits have: row-major the softmax would be a plain loop. In inference, and where regions are
 * compared, Java holds one picture at a time.
 */
public final class PixelLossNode extends Node {
  /** The axis of the classes. */
  private static final int CHANNELS = 1;

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
    Tensor logits = input().output();
    int classes = Math.toIntExact(logits.shape()[1]);
    if (!plan.isTraining()) {
      Tensor rows = plan.inLayout(logits, OneDnn.plain(logits.shape()));
      FloatBuffer all = rows.floats(rows.elements());
      float[] picture = new float[Math.toIntExact(logits.elements() / plan.samples())];
      plan.run("softmax", context -> context.setOutput(probabilities(all, picture, classes)));
      return rows;
    }
    Tensor probabilities = softmax(plan, logits);
    logitsError =
        loss.comparesRegions()
            ? plan.inLayout(probabilities, OneDnn.plain(logits.shape()))
            : Pieces.floats(plan, probabilities);
    plan.release(probabilities);
    Pieces pieces = Pieces.of(logitsError.layout());
    PixelErrors errors =
        new PixelErrors(
            loss, new PixelErrors.Shape(classes, pieces.height() * pieces.width(), pieces.inner()));
    FloatBuffer values = logitsError.floats(pieces.elements());
    plan.run("loss", context -> run(context, values, errors));
    plan.retain(logitsError);
    return logitsError;
  }

  /**
   * In the logits' own memory if no other node needs them.
   *
   * @return retained for the caller
   */
  private static Tensor softmax(PlanBuilder plan, Tensor logits) {
    boolean isOurs = plan.isOnlyReference(logits);
    Tensor result = isOurs ? logits : plan.tensor(logits.layout());
    if (isOurs) {
      plan.retain(logits);
    }
    dnnl_softmax_desc_t intent = new dnnl_softmax_desc_t();
    OneDnn.check(
        "a softmax",
        dnnl_softmax_forward_desc_init(intent, dnnl_forward_training, logits.layout(), CHANNELS));
    plan.run(
        "softmax",
        plan.operation(intent, null),
        new Arguments().with(DNNL_ARG_SRC, logits).with(DNNL_ARG_DST, result));
    return result;
  }

  /**
   * @param values probabilities; become the logits' errors
   */
  private void run(StepContext context, FloatBuffer values, PixelErrors errors) {
    int width = PixelLoss.width(errors.shape().pixels());
    int samples = values.capacity() / errors.shape().length();
    if (context.targets().length != samples * width) {
      throw new IllegalArgumentException(
          "%s: labels and weights are %d numbers, expected [%d, 2, %d pixels]"
              .formatted(name(), context.targets().length, samples, width / 2));
    }
    for (int i = 0; i < samples; i++) {
      context.addLoss(errors.compute(values, i, context.targets(), i * width));
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
