// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn.node;

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

import org.bellows.worker.engine.onednn.plan.ActivationFunction;
import org.bellows.worker.engine.onednn.plan.Arguments;
import org.bellows.worker.engine.onednn.plan.OneDnn;
import org.bellows.worker.engine.onednn.plan.Operation;
import org.bellows.worker.engine.onednn.plan.PlanBuilder;
import org.bellows.worker.engine.onednn.plan.Tensor;
import org.bytedeco.dnnl.dnnl_convolution_desc_t;
import org.bytedeco.dnnl.dnnl_memory_desc_t;

/** Convolution, whole or depthwise, with bias and activation. */
public final class ConvolutionNode extends AffineNode {
  private final Filters filters;
  private final WindowGeometry given;
  private boolean activationDerivedBehind;
  private Shapes shapes;
  private Operation forward;
  private Tensor source;
  private Tensor weights;

  /**
   * @param maps of the output
   * @param depthwise one filter a channel
   */
  public record Filters(long maps, boolean depthwise, boolean hasBias) {}

  /**
   * The shape that the primitives see.
   *
   * @param from shape of their input
   * @param to shape of their output
   */
  private record Shapes(long[] from, ConvolutionWeights bank, long[] to, WindowGeometry sliding) {
    long[] size() {
      return new long[] {from[2], from[3]};
    }
  }

  public ConvolutionNode(
      String name,
      Node input,
      Filters filters,
      WindowGeometry geometry,
      ActivationFunction activation) {
    super(name, input, activation);
    this.filters = filters;
    this.given = geometry;
  }

  /** The only consumer multiplies its error with the activation's derivative itself. */
  public void setActivationDerivedBehind() {
    activationDerivedBehind = true;
  }

  @Override
  public boolean canAdd() {
    return true;
  }

  @Override
  public Tensor forward(PlanBuilder plan) {
    long[] image = input().output().shape();
    boolean few = input() instanceof ImageNode && image[1] < OneDnn.channelBlock();
    boolean rows = few && !filters.depthwise();
    RowConvolution unrolled = rows ? new RowConvolution(image, given, OneDnn.channelBlock()) : null;
    shapes = rows ? shapes(unrolled) : shapes(OneDnn.widened(input().output().layout()));
    forward = forwardOperation(plan);
    dnnl_memory_desc_t layout = forward.layout(dnnl_query_src_md);
    source =
        rows
            ? unrolled.read(plan, input().output(), layout)
            : plan.inLayout(plan.widened(input().output()), layout);
    ConvolutionWeights bank = shapes.bank();
    Tensor ownWeights = bank.ownWeights(plan);
    weights = bank.weights(plan, folded(plan, ownWeights));
    Tensor output = result(plan, forward.layout(dnnl_query_dst_md));
    Arguments arguments =
        new Arguments()
            .with(DNNL_ARG_SRC, source)
            .with(
                DNNL_ARG_WEIGHTS,
                plan.parameterInLayout(weights, forward.layout(dnnl_query_weights_md)))
            .with(DNNL_ARG_DST, output);
    if (hasBias()) {
      Tensor own = filters.hasBias() ? bank.ownBias(plan) : null;
      arguments.with(DNNL_ARG_BIAS, bank.bias(plan, foldedBias(plan, own, ownWeights.shape()[0])));
    }
    plan.run("convolution", forward, arguments);
    if (!plan.isTraining()) {
      plan.release(source);
    } else if (!activation().isIdentity()) {
      plan.retain(output);
    }
    return plan.view(output, OneDnn.narrowed(output.layout(), filters.maps()));
  }

  /** The memory of the result: that of the summand, if no other vertex needs it. */
  private Tensor result(PlanBuilder plan, dnnl_memory_desc_t layout) {
    if (addend() == null) {
      return plan.tensor(layout);
    }
    Tensor other = addend().output();
    dnnl_memory_desc_t narrow = OneDnn.narrowed(layout, filters.maps());
    boolean fits = plan.isOnlyReference(other) && OneDnn.isEqual(other.layout(), narrow);
    Tensor result = fits ? other : plan.tensor(narrow);
    if (fits) {
      plan.retain(other);
    } else {
      plan.copy(other, result);
    }
    return plan.view(result, layout);
  }

  /** A folded BatchNorm has one. */
  private boolean hasBias() {
    return filters.hasBias() || norm() != null;
  }

  private Shapes shapes(RowConvolution rows) {
    ConvolutionWeights bank = rows.filters(name(), filters.maps(), wideMaps());
    return shapes(rows.shape(), bank, rows.sliding());
  }

  private Shapes shapes(dnnl_memory_desc_t map) {
    long[] from = OneDnn.shape(map);
    long channels = input().output().shape()[1];
    long[] kernel = given.kernel();
    if (filters.depthwise()) {
      // DL4J's are [height, width, channels, 1].
      long[] order = {channels, 1, 1, kernel[0], kernel[1]};
      dnnl_memory_desc_t flat =
          OneDnn.strided(order, new long[] {1, 1, 1, kernel[1] * channels, channels});
      long[] shape = {from[1], 1, 1, kernel[0], kernel[1]};
      dnnl_memory_desc_t inside = OneDnn.plain(order);
      return shapes(
          from, new ConvolutionWeights(name(), flat, shape, inside, filters.maps()), given);
    }
    long[] order = {filters.maps(), channels, kernel[0], kernel[1]};
    long area = kernel[0] * kernel[1];
    dnnl_memory_desc_t inside =
        OneDnn.strided(order, new long[] {from[1] * area, area, kernel[1], 1});
    long[] shape = {wideMaps(), from[1], kernel[0], kernel[1]};
    ConvolutionWeights bank =
        new ConvolutionWeights(name(), OneDnn.plain(order), shape, inside, filters.maps());
    return shapes(from, bank, given);
  }

  private static Shapes shapes(long[] from, ConvolutionWeights bank, WindowGeometry geometry) {
    long[] size = geometry.output(new long[] {from[2], from[3]});
    long[] to = {from[0], bank.shape()[0], size[0], size[1]};
    return new Shapes(from, bank, to, geometry);
  }

  /** Surplus maps must be zero after the activation, too. */
  private long wideMaps() {
    return activation().keepsZero()
        ? OneDnn.roundUp(filters.maps(), OneDnn.channelBlock())
        : filters.maps();
  }

  private dnnl_memory_desc_t biasLayout() {
    return hasBias() ? shapes.bank().biasLayout() : null;
  }

  private Operation forwardOperation(PlanBuilder plan) {
    dnnl_convolution_desc_t intent = new dnnl_convolution_desc_t();
    OneDnn.check(
        "a convolution",
        dnnl_convolution_forward_desc_init(
            intent,
            dnnl_forward_training,
            dnnl_convolution_direct,
            OneDnn.any(shapes.from()),
            OneDnn.any(shapes.bank().shape()),
            biasLayout(),
            OneDnn.any(shapes.to()),
            shapes.sliding().stride(),
            shapes.sliding().leading(shapes.size()),
            shapes.sliding().trailing(shapes.size())));
    return plan.operation(intent, null, postOperations());
  }

  @Override
  public void backward(PlanBuilder plan, Tensor outputGradient) {
    Tensor inner = outputGradient;
    if (!activation().isIdentity()) {
      if (!activationDerivedBehind) {
        inner = Elementwise.backward(plan, activation(), output(), outputGradient);
      }
      plan.release(output());
    }
    Tensor narrow = plan.inLayout(inner, output().layout());
    plan.release(inner);
    Tensor wide = plan.widened(narrow);
    backwardWeights(plan, wide);
    plan.release(source);
    if (input().needsGradient()) {
      backwardData(plan, wide);
    }
    plan.release(wide);
  }

  private void backwardWeights(PlanBuilder plan, Tensor outputGradient) {
    Operation operation = weightsOperation(plan);
    Tensor from = plan.inLayout(source, operation.layout(dnnl_query_src_md));
    Tensor incoming = plan.inLayout(outputGradient, operation.layout(dnnl_query_diff_dst_md));
    ConvolutionWeights bank = shapes.bank();
    Tensor gradient = bank.gradient(plan, operation.layout(dnnl_query_diff_weights_md));
    Arguments arguments =
        new Arguments()
            .with(DNNL_ARG_SRC, from)
            .with(DNNL_ARG_DIFF_DST, incoming)
            .with(DNNL_ARG_DIFF_WEIGHTS, gradient);
    Tensor biasGradient = filters.hasBias() ? bank.biasGradient(plan) : null;
    if (filters.hasBias()) {
      arguments.with(DNNL_ARG_DIFF_BIAS, biasGradient);
    }
    plan.run("convolution backward weights", operation, arguments);
    bank.store(plan, gradient);
    if (filters.hasBias()) {
      bank.storeBias(plan, biasGradient);
    }
    plan.release(from);
    plan.release(incoming);
  }

  private Operation weightsOperation(PlanBuilder plan) {
    dnnl_convolution_desc_t intent = new dnnl_convolution_desc_t();
    OneDnn.check(
        "a convolution's gradient",
        dnnl_convolution_backward_weights_desc_init(
            intent,
            dnnl_convolution_direct,
            OneDnn.any(shapes.from()),
            OneDnn.any(shapes.bank().shape()),
            biasLayout(),
            OneDnn.any(shapes.to()),
            shapes.sliding().stride(),
            shapes.sliding().leading(shapes.size()),
            shapes.sliding().trailing(shapes.size())));
    return plan.operation(intent, forward);
  }

  private void backwardData(PlanBuilder plan, Tensor outputGradient) {
    dnnl_convolution_desc_t intent = new dnnl_convolution_desc_t();
    OneDnn.check(
        "a convolution's error",
        dnnl_convolution_backward_data_desc_init(
            intent,
            dnnl_convolution_direct,
            OneDnn.any(shapes.from()),
            OneDnn.any(shapes.bank().shape()),
            OneDnn.any(shapes.to()),
            shapes.sliding().stride(),
            shapes.sliding().leading(shapes.size()),
            shapes.sliding().trailing(shapes.size())));
    Operation operation = plan.operation(intent, forward);
    Tensor incoming = plan.inLayout(outputGradient, operation.layout(dnnl_query_diff_dst_md));
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
    long channels = input().output().shape()[1];
    pass(plan, input(), plan.view(outgoing, OneDnn.narrowed(outgoing.layout(), channels)));
  }
}
