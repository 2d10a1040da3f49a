package org.bellows.worker.engine;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.dnnl_convolution_backward_data_desc_init;
import static org.bytedeco.dnnl.global.dnnl.dnnl_convolution_backward_weights_desc_init;
import static org.bytedeco.dnnl.global.dnnl.dnnl_convolution_direct;
import static org.bytedeco.dnnl.global.dnnl.dnnl_convolution_forward_desc_init;
import static org.bytedeco.dnnl.global.dnnl.dnnl_forward_training;
import static org.bytedeco.dnnl.global.dnnl.dnnl_query_diff_dst_md;
import static org.bytedeco.dnnl.global.dnnl.dnnl_query_diff_src_md;
import static org.bytedeco.dnnl.global.dnnl.dnnl_query_diff_weights_md;
import static org.bytedeco.dnnl.global.dnnl.dnnl_query_dst_md;
import static org.bytedeco.dnnl.global.dnnl.dnnl_query_src_md;
import static org.bytedeco.dnnl.global.dnnl.dnnl_query_weights_md;

import java.util.List;
import org.bytedeco.dnnl.dnnl_convolution_desc_t;
import org.bytedeco.dnnl.dnnl_memory_desc_t;

/** Convolution, whole or depthwise, with bias and activation. */
final class ConvolutionNode extends Node {
  private final Filters filters;
  private final Sliding sliding;
  private final Function activation;
  private boolean activationDerivedBehind;
  private Operation forward;
  private Tensor source;
  private Tensor weights;

  /**
   * @param maps of the output
   * @param depthwise one filter a channel
   */
  record Filters(long maps, boolean depthwise, boolean hasBias) {

    /** [maps, channels, height, width], or [groups, 1, 1, height, width]. */
    long[] shape(long channels, long[] kernel) {
      return depthwise
          ? new long[] {channels, 1, 1, kernel[0], kernel[1]}
          : new long[] {maps, channels, kernel[0], kernel[1]};
    }

    /** DL4J's: row-major, or [height, width, channels, 1] of depthwise ones. */
    dnnl_memory_desc_t flat(long channels, long[] kernel) {
      long[] shape = shape(channels, kernel);
      return depthwise
          ? OneDnn.strided(shape, new long[] {1, 1, 1, kernel[1] * channels, channels})
          : OneDnn.plain(shape);
    }
  }

  ConvolutionNode(
      String name, Node input, Filters filters, Sliding sliding, Function activation) {
    super(name, List.of(input));
    this.filters = filters;
    this.sliding = sliding;
    this.activation = activation;
  }

  Function activation() {
    return activation;
  }

  /** The only consumer multiplies its error with the activation's derivative itself. */
  void setActivationDerivedBehind() {
    activationDerivedBehind = true;
  }

  @Override
  boolean isTrained() {
    return true;
  }

  @Override
  Tensor forward(PlanBuilder plan) {
    long[] from = input().output().shape();
    forward = forward(plan, from);
    source = plan.inLayout(input().output(), forward.layout(dnnl_query_src_md));
    weights = plan.parameter(name() + "_W", filters.flat(from[1], sliding.kernel()));
    Tensor output = plan.tensor(forward.layout(dnnl_query_dst_md));
    Arguments arguments =
        new Arguments()
            .with(DNNL_ARG_SRC, source)
            .with(
                DNNL_ARG_WEIGHTS,
                plan.parameterInLayout(weights, forward.layout(dnnl_query_weights_md)))
            .with(DNNL_ARG_DST, output);
    if (filters.hasBias()) {
      arguments.with(DNNL_ARG_BIAS, plan.parameter(name() + "_b", bias()));
    }
    plan.run("convolution", forward, arguments);
    if (!plan.isTraining()) {
      plan.release(source);
    } else if (!activation.isIdentity()) {
      plan.hold(output);
    }
    return output;
  }

  private Operation forward(PlanBuilder plan, long[] from) {
    dnnl_convolution_desc_t intent = new dnnl_convolution_desc_t();
    long[] size = {from[2], from[3]};
    OneDnn.check(
        "a convolution",
        dnnl_convolution_forward_desc_init(
            intent,
            dnnl_forward_training,
            dnnl_convolution_direct,
            OneDnn.any(from),
            OneDnn.any(filters.shape(from[1], sliding.kernel())),
            filters.hasBias() ? bias() : null,
            OneDnn.any(outputShape(from)),
            sliding.stride(),
            sliding.leading(size),
            sliding.trailing(size)));
    return plan.operation(intent, null, activation);
  }

  private dnnl_memory_desc_t bias() {
    return OneDnn.plain(filters.maps());
  }

  private long[] outputShape(long[] from) {
    long[] size = sliding.output(new long[] {from[2], from[3]});
    return new long[] {from[0], filters.maps(), size[0], size[1]};
  }

  @Override
  void backward(PlanBuilder plan, Tensor error) {
    Tensor inner = error;
    if (!activation.isIdentity()) {
      if (!activationDerivedBehind) {
        inner = Elementwise.backward(plan, activation, output(), error);
      }
      plan.release(output());
    }
    backwardWeights(plan, inner);
    plan.release(source);
    if (input().needsError()) {
      backwardData(plan, inner);
    }
    plan.release(inner);
  }

  private void backwardWeights(PlanBuilder plan, Tensor error) {
    Operation operation = backwardWeights(plan);
    Tensor from = plan.inLayout(source, operation.layout(dnnl_query_src_md));
    Tensor incoming = plan.inLayout(error, operation.layout(dnnl_query_diff_dst_md));
    Tensor flat = plan.gradient(name() + "_W", weights.layout());
    dnnl_memory_desc_t layout = operation.layout(dnnl_query_diff_weights_md);
    boolean direct = PlanBuilder.isEqual(flat.layout(), layout);
    Tensor gradient = direct ? flat : plan.tensor(layout);
    Arguments arguments =
        new Arguments()
            .with(DNNL_ARG_SRC, from)
            .with(DNNL_ARG_DIFF_DST, incoming)
            .with(DNNL_ARG_DIFF_WEIGHTS, gradient);
    if (filters.hasBias()) {
      arguments.with(DNNL_ARG_DIFF_BIAS, plan.gradient(name() + "_b", bias()));
    }
    plan.run("convolution backward weights", operation, arguments);
    if (!direct) {
      plan.copy(gradient, flat);
      plan.release(gradient);
    }
    plan.release(from);
    plan.release(incoming);
  }

  private Operation backwardWeights(PlanBuilder plan) {
    dnnl_convolution_desc_t intent = new dnnl_convolution_desc_t();
    long[] from = input().output().shape();
    long[] size = {from[2], from[3]};
    OneDnn.check(
        "a convolution's gradient",
        dnnl_convolution_backward_weights_desc_init(
            intent,
            dnnl_convolution_direct,
            OneDnn.any(from),
            OneDnn.any(filters.shape(from[1], sliding.kernel())),
            filters.hasBias() ? bias() : null,
            OneDnn.any(outputShape(from)),
            sliding.stride(),
            sliding.leading(size),
            sliding.trailing(size)));
    return plan.operation(intent, forward);
  }

  private void backwardData(PlanBuilder plan, Tensor error) {
    dnnl_convolution_desc_t intent = new dnnl_convolution_desc_t();
    long[] from = input().output().shape();
    long[] size = {from[2], from[3]};
    OneDnn.check(
        "a convolution's error",
        dnnl_convolution_backward_data_desc_init(
            intent,
            dnnl_convolution_direct,
            OneDnn.any(from),
            OneDnn.any(filters.shape(from[1], sliding.kernel())),
            OneDnn.any(outputShape(from)),
            sliding.stride(),
            sliding.leading(size),
            sliding.trailing(size)));
    Operation operation = plan.operation(intent, forward);
    Tensor incoming = plan.inLayout(error, operation.layout(dnnl_query_diff_dst_md));
    Tensor outgoing = plan.tensor(operation.layout(dnnl_query_diff_src_md));
    plan.run(
        "convolution backward data",
        operation,
        new Arguments()
            .with(DNNL_ARG_DIFF_DST, incoming)
            .with(
                DNNL_ARG_WEIGHTS,
                plan.parameterInLayout(weights, operation.layout(dnnl_query_weights_md)))
            .with(DNNL_ARG_DIFF_SRC, outgoing));
    plan.release(incoming);
    pass(plan, input(), outgoing);
  }
}
