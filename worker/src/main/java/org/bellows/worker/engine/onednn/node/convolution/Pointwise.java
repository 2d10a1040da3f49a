// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn.node.convolution;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.dnnl_bf16;
import static org.bytedeco.dnnl.global.dnnl.dnnl_forward_training;
import static org.bytedeco.dnnl.global.dnnl.dnnl_inner_product_backward_weights_desc_init;
import static org.bytedeco.dnnl.global.dnnl.dnnl_inner_product_forward_desc_init;

import java.nio.LongBuffer;
import java.util.Arrays;
import org.bellows.worker.engine.onednn.node.WindowGeometry;
import org.bellows.worker.engine.onednn.plan.Arguments;
import org.bellows.worker.engine.onednn.plan.OneDnn;
import org.bellows.worker.engine.onednn.plan.PlanBuilder;
import org.bellows.worker.engine.onednn.plan.PrimitiveOperation;
import org.bellows.worker.engine.onednn.plan.Tensor;
import org.bytedeco.dnnl.dnnl_inner_product_desc_t;
import org.bytedeco.dnnl.dnnl_memory_desc_t;

/**
 * The training of pointwise (1 x 1) convolutions in bfloat16 on processors with AMX, where maps
 * have their channels last: the pixels of a batch are then the rows of a matrix.
 *
 * <p>The gradient of the weights is that of a dense layer which sees each pixel as a sample:
 * oneDNN's matrix product takes a quarter to two thirds of the time of its convolution and leaves
 * the gradient as the flat vector has it. Of a convolution with a stride only every stride-th pixel
 * counts: taken out first, they make it one without.
 */
final class Pointwise {
  private static final long[] ONE = {1, 1};

  /** Without a stride. */
  static final WindowGeometry GEOMETRY = WindowGeometry.whole(1, 1);

  private Pointwise() {}

  private static boolean isOnAmx(PlanBuilder plan) {
    return plan.isTraining() && plan.mapType() == dnnl_bf16 && OneDnn.hasAmx();
  }

  /**
   * Whether a convolution computes on {@link #pixels} alone.
   *
   * @param map that it reads
   */
  static boolean skipsPixels(PlanBuilder plan, WindowGeometry geometry, Tensor map) {
    long[] size = {map.shape()[2], map.shape()[3]};
    return isOnAmx(plan)
        && OneDnn.isChannelsLast(map.layout())
        && Arrays.equals(geometry.kernel(), ONE)
        && geometry.stride()[0] > 1
        && Arrays.equals(geometry.leading(size), new long[] {0, 0});
  }

  /**
   * Every stride-th row and column of a map.
   *
   * @param map with its channels last
   * @return retained for the caller
   */
  static Tensor pixels(PlanBuilder plan, WindowGeometry geometry, Tensor map) {
    long[] seen = seen(geometry, map.shape());
    Tensor pixels = plan.tensor(OneDnn.like(map.layout(), seen));
    plan.copy(plan.view(map, every(geometry, map, seen)), pixels);
    return pixels;
  }

  /**
   * The error of a map of whose pixels the others have none.
   *
   * @param errors of {@link #pixels}, taken over
   * @param map the shape is that of
   * @return retained for the caller
   */
  static Tensor spread(PlanBuilder plan, WindowGeometry geometry, Tensor errors, Tensor map) {
    Tensor whole = plan.tensor(map.layout());
    plan.clear(whole);
    plan.copy(errors, plan.view(whole, every(geometry, map, errors.shape())));
    plan.release(errors);
    return whole;
  }

  private static long[] seen(WindowGeometry geometry, long[] map) {
    long[] size = geometry.output(new long[] {map[2], map[3]});
    return new long[] {map[0], map[1], size[0], size[1]};
  }

  /** In the map's memory; where the stride does not divide a side, oneDNN makes no such layout. */
  private static dnnl_memory_desc_t every(WindowGeometry geometry, Tensor map, long[] seen) {
    dnnl_memory_desc_t view = OneDnn.part(map.layout(), seen, 0, 0);
    LongBuffer strides = view.format_desc_blocking().strides().capacity(seen.length).asBuffer();
    strides.put(2, geometry.stride()[0] * strides.get(2));
    strides.put(3, geometry.stride()[1] * strides.get(3));
    return view;
  }

  /**
   * Whether {@link #backwardWeights} computes a gradient.
   *
   * @param source what the convolution reads
   * @param outputGradient the error of what it writes
   */
  static boolean suits(
      PlanBuilder plan, ConvolutionShapes shapes, Tensor source, Tensor outputGradient) {
    long[] filters = shapes.bank().shape();
    return isOnAmx(plan)
        && !shapes.transposed()
        && shapes.bank().isWhole()
        && filters.length == 4
        && filters[2] * filters[3] == 1
        && seesEachPixelInPlace(shapes)
        && OneDnn.isChannelsLast(source.layout())
        && OneDnn.isChannelsLast(outputGradient.layout());
  }

  /** With a stride and padding a map can keep its sides, and an output's pixel still be another. */
  private static boolean seesEachPixelInPlace(ConvolutionShapes shapes) {
    return Arrays.equals(shapes.sliding().stride(), ONE)
        && Arrays.equals(shapes.leading(), new long[] {0, 0});
  }

  /**
   * Adds the call that computes the gradient of a convolution's weights and bias.
   *
   * @param hasBias whether there is one
   */
  static void backwardWeights(
      PlanBuilder plan,
      ConvolutionWeights bank,
      Tensor source,
      Tensor outputGradient,
      boolean hasBias) {
    Tensor seen = rows(plan, source);
    Tensor errors = rows(plan, outputGradient);
    dnnl_memory_desc_t weights = OneDnn.plain(bank.shape()[0], bank.shape()[1]);
    dnnl_memory_desc_t bias = hasBias ? bank.biasLayout() : null;
    dnnl_inner_product_desc_t intent = new dnnl_inner_product_desc_t();
    OneDnn.check(
        "a product of pixels",
        dnnl_inner_product_forward_desc_init(
            intent,
            dnnl_forward_training,
            seen.layout(),
            OneDnn.anyOf(plan.mapType(), OneDnn.shape(weights)),
            bias,
            errors.layout()));
    PrimitiveOperation forward = plan.operation(intent, null);
    dnnl_inner_product_desc_t backward = new dnnl_inner_product_desc_t();
    OneDnn.check(
        "the gradient of a product of pixels",
        dnnl_inner_product_backward_weights_desc_init(
            backward, seen.layout(), weights, bias, errors.layout()));
    Tensor gradient = plan.gradient(bank.name() + "_W", bank.flat());
    Arguments arguments =
        new Arguments()
            .with(DNNL_ARG_SRC, seen)
            .with(DNNL_ARG_DIFF_DST, errors)
            .with(DNNL_ARG_DIFF_WEIGHTS, plan.view(gradient, weights));
    if (hasBias) {
      arguments.with(DNNL_ARG_DIFF_BIAS, bank.biasGradient(plan));
    }
    plan.run("convolution backward weights", plan.operation(backward, forward), arguments);
  }

  /** The pixels of a map with its channels last, one after the other: [pixels, channels]. */
  private static Tensor rows(PlanBuilder plan, Tensor map) {
    long[] shape = map.shape();
    return plan.view(map, OneDnn.plainLike(map.layout(), shape[0] * shape[2] * shape[3], shape[1]));
  }
}
