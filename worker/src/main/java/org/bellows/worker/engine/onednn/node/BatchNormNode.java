// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn.node;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SCALE;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SHIFT;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_MEAN;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SCALE;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SHIFT;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_VARIANCE;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WORKSPACE;
import static org.bytedeco.dnnl.global.dnnl.dnnl_backward;
import static org.bytedeco.dnnl.global.dnnl.dnnl_batch_normalization_backward_desc_init;
import static org.bytedeco.dnnl.global.dnnl.dnnl_batch_normalization_forward_desc_init;
import static org.bytedeco.dnnl.global.dnnl.dnnl_binary_add;
import static org.bytedeco.dnnl.global.dnnl.dnnl_forward_inference;
import static org.bytedeco.dnnl.global.dnnl.dnnl_forward_training;
import static org.bytedeco.dnnl.global.dnnl.dnnl_fuse_norm_relu;
import static org.bytedeco.dnnl.global.dnnl.dnnl_query_workspace_md;
import static org.bytedeco.dnnl.global.dnnl.dnnl_use_global_stats;
import static org.bytedeco.dnnl.global.dnnl.dnnl_use_scale;
import static org.bytedeco.dnnl.global.dnnl.dnnl_use_shift;

import java.nio.FloatBuffer;
import java.util.List;
import org.bellows.models.layer.BatchNorm;
import org.bellows.worker.engine.moments.GlobalMoments;
import org.bellows.worker.engine.moments.GlobalSlope;
import org.bellows.worker.engine.onednn.plan.ActivationFunction;
import org.bellows.worker.engine.onednn.plan.Arguments;
import org.bellows.worker.engine.onednn.plan.OneDnn;
import org.bellows.worker.engine.onednn.plan.PlanBuilder;
import org.bellows.worker.engine.onednn.plan.PrimitiveOperation;
import org.bellows.worker.engine.onednn.plan.Tensor;
import org.bytedeco.dnnl.dnnl_batch_normalization_desc_t;
import org.bytedeco.dnnl.dnnl_memory_desc_t;

/**
 * BatchNorm (Ioffe and Szegedy 2015), with the biased variance, and the ReLU after it.
 *
 * <p>Where the gradients of the running statistics r and s would stand it puts the batch's moments
 * about r: m - r and v + (m - r)^2 of mean m and variance v. With frozen statistics it takes those
 * in training, too, and has no gradient of them.
 *
 * <p>With moments over the global batch a lane's own are computed first, and the lanes meet; then
 * it is as if they were given. In the backward pass the lanes meet again ({@link GlobalSlope}).
 */
public final class BatchNormNode extends Node {
  private final float epsilon;
  private final boolean relu;
  private final boolean frozen;
  private final boolean global;
  private PrimitiveOperation forward;
  private NormLayout layout;
  private Tensor source;
  private Tensor mean;
  private Tensor variance;
  private Tensor workspace;

  /**
   * @param relu whether it also computes the ReLU after it
   */
  public BatchNormNode(String name, Node input, BatchNorm norm, boolean relu) {
    super(name, List.of(input));
    this.epsilon = (float) norm.epsilon();
    this.frozen = norm.isFrozen();
    this.global = norm.isOverGlobalBatch();
    this.relu = relu;
  }

  /** The same as part of the layer before it. */
  public FusedBatchNorm folded() {
    return new FusedBatchNorm(name(), epsilon);
  }

  public ActivationFunction activation() {
    return relu ? ActivationFunction.RELU : ActivationFunction.IDENTITY;
  }

  @Override
  protected boolean isTrained() {
    return true;
  }

  @Override
  public Tensor forward(PlanBuilder plan) {
    boolean inPlace = !plan.isTraining() && plan.isOnlyReference(input().output());
    layout = NormLayout.of(plan, input().output().layout());
    source = layout.in(plan, input().output());
    forward = forwardOperation(plan);
    boolean ofBatch = plan.isTraining() && !frozen;
    mean = ofBatch ? plan.tensor(channels()) : parameter(plan, "mean");
    variance = ofBatch ? plan.tensor(channels()) : parameter(plan, "var");
    Tensor output = inPlace ? source : plan.tensor(source.layout());
    Arguments arguments =
        new Arguments()
            .with(DNNL_ARG_SRC, source)
            .with(DNNL_ARG_MEAN, mean)
            .with(DNNL_ARG_VARIANCE, variance)
            .with(DNNL_ARG_SCALE, parameter(plan, "gamma"))
            .with(DNNL_ARG_SHIFT, parameter(plan, "beta"))
            .with(DNNL_ARG_DST, output);
    if (relu && plan.isTraining()) {
      workspace = plan.tensor(forward.layout(dnnl_query_workspace_md));
      arguments.with(DNNL_ARG_WORKSPACE, workspace);
    }
    if (ofBatch && global) {
      globalMoments(plan, output);
    }
    plan.run("norm", forward, arguments);
    if (!plan.isTraining() && !inPlace) {
      plan.release(source);
    }
    return layout.out(plan, output);
  }

  /**
   * @param output to be overwritten later
   */
  private void globalMoments(PlanBuilder plan, Tensor output) {
    plan.run(
        "moments of the lane",
        forwardOperation(plan, dnnl_forward_training, 0),
        new Arguments()
            .with(DNNL_ARG_SRC, source)
            .with(DNNL_ARG_MEAN, mean)
            .with(DNNL_ARG_VARIANCE, variance)
            .with(DNNL_ARG_DST, output));
    FloatBuffer means = mean.floats(count());
    FloatBuffer variances = variance.floats(count());
    long values = valuesOfChannel();
    String norm = name();
    plan.run(
        "moments of all lanes",
        context -> GlobalMoments.combineInPlace(context.lanes(), norm, values, means, variances));
  }

  private int count() {
    return Math.toIntExact(source.shape()[1]);
  }

  private long valuesOfChannel() {
    return source.elements() / count();
  }

  private PrimitiveOperation forwardOperation(PlanBuilder plan) {
    return forwardOperation(
        plan, plan.isTraining() ? dnnl_forward_training : dnnl_forward_inference, flags(plan));
  }

  private PrimitiveOperation forwardOperation(PlanBuilder plan, int kind, int flags) {
    dnnl_batch_normalization_desc_t intent = new dnnl_batch_normalization_desc_t();
    OneDnn.check(
        "a BatchNorm",
        dnnl_batch_normalization_forward_desc_init(intent, kind, source.layout(), epsilon, flags));
    return plan.operation(intent, null);
  }

  private int flags(PlanBuilder plan) {
    return dnnl_use_scale
        | dnnl_use_shift
        | (relu ? dnnl_fuse_norm_relu : 0)
        | (plan.isTraining() && !frozen && !global ? 0 : dnnl_use_global_stats);
  }

  private dnnl_memory_desc_t channels() {
    return OneDnn.plain(source.shape()[1]);
  }

  private Tensor parameter(PlanBuilder plan, String which) {
    return plan.parameter(name() + "_" + which, channels());
  }

  private Tensor gradient(PlanBuilder plan, String which) {
    return plan.gradient(name() + "_" + which, channels());
  }

  @Override
  public void backward(PlanBuilder plan, Tensor outputGradient) {
    Tensor incoming = layout.in(plan, outputGradient);
    plan.release(outputGradient);
    dnnl_batch_normalization_desc_t intent = new dnnl_batch_normalization_desc_t();
    OneDnn.check(
        "a BatchNorm's error",
        dnnl_batch_normalization_backward_desc_init(
            intent, dnnl_backward, incoming.layout(), source.layout(), epsilon, flags(plan)));
    Tensor outgoing = plan.isOnlyReference(incoming) ? incoming : plan.tensor(incoming.layout());
    Arguments arguments =
        new Arguments()
            .with(DNNL_ARG_SRC, source)
            .with(DNNL_ARG_MEAN, mean)
            .with(DNNL_ARG_VARIANCE, variance)
            .with(DNNL_ARG_DIFF_DST, incoming)
            .with(DNNL_ARG_SCALE, parameter(plan, "gamma"))
            .with(DNNL_ARG_SHIFT, parameter(plan, "beta"))
            .with(DNNL_ARG_DIFF_SRC, outgoing)
            .with(DNNL_ARG_DIFF_SCALE, gradient(plan, "gamma"))
            .with(DNNL_ARG_DIFF_SHIFT, gradient(plan, "beta"));
    if (relu) {
      arguments.with(DNNL_ARG_WORKSPACE, workspace);
    }
    plan.run("norm backward", plan.operation(intent, forward), arguments);
    if (!frozen) {
      moments(plan);
    }
    if (global) {
      addGlobalSlope(plan, outgoing);
    }
    if (relu) {
      plan.release(workspace);
    }
    releaseUnlessReused(plan, incoming, outgoing);
    plan.release(source);
    plan.release(mean);
    plan.release(variance);
    pass(plan, input(), layout.out(plan, outgoing));
  }

  private void addGlobalSlope(PlanBuilder plan, Tensor outgoing) {
    Tensor scale = plan.tensor(channels());
    Tensor shift = plan.tensor(channels());
    GlobalSlope.Channels layer =
        new GlobalSlope.Channels(
            parameter(plan, "gamma").floats(count()),
            variance.floats(count()),
            gradient(plan, "gamma").floats(count()),
            gradient(plan, "beta").floats(count()));
    FloatBuffer scales = scale.floats(count());
    FloatBuffer shifts = shift.floats(count());
    long values = valuesOfChannel();
    String norm = name();
    plan.run(
        "slopes of all lanes",
        context ->
            GlobalSlope.combine(context.lanes(), norm, values, epsilon, layer, scales, shifts));
    Tensor more = plan.tensor(outgoing.layout());
    plan.run(
        "norm of slopes",
        forwardOperation(
            plan, dnnl_forward_inference, dnnl_use_global_stats | dnnl_use_scale | dnnl_use_shift),
        new Arguments()
            .with(DNNL_ARG_SRC, source)
            .with(DNNL_ARG_MEAN, mean)
            .with(DNNL_ARG_VARIANCE, variance)
            .with(DNNL_ARG_SCALE, scale)
            .with(DNNL_ARG_SHIFT, shift)
            .with(DNNL_ARG_DST, more));
    binary(plan, dnnl_binary_add, outgoing, more, outgoing, ActivationFunction.IDENTITY);
    plan.release(more);
    plan.release(shift);
    plan.release(scale);
  }

  private void moments(PlanBuilder plan) {
    int count = count();
    FloatBuffer running = parameter(plan, "mean").floats(count);
    FloatBuffer first = gradient(plan, "mean").floats(count);
    FloatBuffer second = gradient(plan, "var").floats(count);
    FloatBuffer batchMean = mean.floats(count);
    FloatBuffer batchVariance = variance.floats(count);
    plan.run(
        "moments",
        context -> {
          for (int i = 0; i < count; i++) {
            float shift = batchMean.get(i) - running.get(i);
            first.put(i, shift);
            second.put(i, batchVariance.get(i) + shift * shift);
          }
        });
  }
}
