// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn.node.convolution;

import static org.bellows.worker.engine.onednn.plan.ActivationFunction.RELU;
import static org.bytedeco.dnnl.global.dnnl.dnnl_convolution_direct;
import static org.bytedeco.dnnl.global.dnnl.dnnl_convolution_winograd;
import static org.bytedeco.dnnl.global.dnnl.dnnl_deconvolution_direct;
import static org.bytedeco.dnnl.global.dnnl.dnnl_dilated_convolution_backward_data_desc_init;
import static org.bytedeco.dnnl.global.dnnl.dnnl_dilated_convolution_backward_weights_desc_init;
import static org.bytedeco.dnnl.global.dnnl.dnnl_dilated_convolution_forward_desc_init;
import static org.bytedeco.dnnl.global.dnnl.dnnl_dilated_deconvolution_backward_data_desc_init;
import static org.bytedeco.dnnl.global.dnnl.dnnl_dilated_deconvolution_backward_weights_desc_init;
import static org.bytedeco.dnnl.global.dnnl.dnnl_dilated_deconvolution_forward_desc_init;
import static org.bytedeco.dnnl.global.dnnl.dnnl_f32;
import static org.bytedeco.dnnl.global.dnnl.dnnl_forward_inference;
import static org.bytedeco.dnnl.global.dnnl.dnnl_forward_training;

import org.bellows.conf.TrainSettings;
import org.bellows.worker.engine.onednn.arithmetic.WinogradRule;
import org.bellows.worker.engine.onednn.node.WindowGeometry;
import org.bellows.worker.engine.onednn.node.convolution.ForwardConvolution.Batching;
import org.bellows.worker.engine.onednn.plan.OneDnn;
import org.bellows.worker.engine.onednn.plan.PlanBuilder;
import org.bellows.worker.engine.onednn.plan.PostOperations;
import org.bellows.worker.engine.onednn.plan.PrimitiveOperation;
import org.bytedeco.dnnl.dnnl_convolution_desc_t;
import org.bytedeco.dnnl.dnnl_memory_desc_t;

/**
 * The shapes of a convolution's primitives, and the primitives. Layouts are oneDNN's choice: in
 * row-major layout a transposed convolution would be a plain loop.
 *
 * @param from shape of their input
 * @param to shape of their output
 */
record ConvolutionShapes(
    long[] from, ConvolutionWeights bank, long[] to, WindowGeometry sliding, boolean transposed) {
  static ConvolutionShapes of(
      long[] from, ConvolutionWeights bank, WindowGeometry geometry, boolean transposed) {
    long[] map = {from[2], from[3]};
    long[] size = transposed ? geometry.stretched(map) : geometry.output(map);
    long[] to = {from[0], bank.shape()[0], size[0], size[1]};
    return new ConvolutionShapes(from, bank, to, geometry, transposed);
  }

  /** Padding at the top and left of the input. */
  long[] leading() {
    return sliding.leading(new long[] {from[2], from[3]});
  }

  private long[] trailing() {
    // A transposed convolution cuts off at the bottom and right what it does at the top and left.
    return transposed ? leading() : sliding.trailing(new long[] {from[2], from[3]});
  }

  /** Of the activations Winograd's computes no other than ReLU on its way. */
  private int algorithm(PlanBuilder plan, PostOperations then) {
    boolean fuses = then.activation().isIdentity() || then.activation().equals(RELU);
    return fuses ? algorithm(plan) : dnnl_convolution_direct;
  }

  private int algorithm(PlanBuilder plan) {
    boolean winograd =
        plan.convolutions() == TrainSettings.Convolutions.WINOGRAD
            && (plan.isTraining()
                ? WinogradRule.suitsTraining(
                    from, to, bank.shape(), sliding.stride(), sliding.gaps())
                : WinogradRule.suitsInference(
                    from, to, bank.shape(), sliding.stride(), sliding.gaps()));
    return winograd ? dnnl_convolution_winograd : dnnl_convolution_direct;
  }

  /**
   * How {@link #forward} is given a batch. An answer must not depend on the pictures beside it,
   * which the order of Winograd's sums does. Of a map of one block of channels oneDNN keeps 15
   * columns in registers, where it is given several samples, and 28 of one sample: an output that
   * is wider then takes a quarter less time. A block of one channel each lies there as the planes
   * of a deeper map do.
   */
  Batching batching(PlanBuilder plan, PostOperations then) {
    if (plan.isTraining()) {
      return Batching.TOGETHER;
    }
    if (algorithm(plan, then) == dnnl_convolution_winograd) {
      return Batching.ONE_BY_ONE;
    }
    return isOfOneBlock() && plan.mapType() == dnnl_f32 ? Batching.AS_DEPTH : Batching.TOGETHER;
  }

  /** With AVX2 a map of 16 channels is two blocks, and oneDNN's code another. */
  private boolean isOfOneBlock() {
    long[] filters = bank.shape();
    return !transposed
        && filters.length == 4
        && OneDnn.channelBlock() == OneDnn.BLOCK
        && from[1] == OneDnn.BLOCK
        && to[1] == OneDnn.BLOCK
        && filters[2] * filters[3] > 1;
  }

  private static long[] alone(long[] shape) {
    long[] alone = shape.clone();
    alone[0] = 1;
    return alone;
  }

  /** [n, channels, height, width] as [1, channels, n, height, width]. */
  private static long[] deep(long[] shape) {
    return new long[] {1, shape[1], shape[0], shape[2], shape[3]};
  }

  /** A kernel of a depth of 1: [out, in, height, width] as [out, in, 1, height, width]. */
  static long[] flat(long[] shape) {
    return new long[] {shape[0], shape[1], 1, shape[2], shape[3]};
  }

  private static long[] withDepth(long ofDepth, long[] ofMap) {
    return new long[] {ofDepth, ofMap[0], ofMap[1]};
  }

  /**
   * Weights that do not change are transformed once for all passes, if it is said that none trains.
   * The same word let oneDNN 2.5.2 choose a direct algorithm that crashes (brgemm); with 2.7.1 it
   * was not tried.
   */
  private static int purpose(PlanBuilder plan, int algorithm) {
    return algorithm == dnnl_convolution_winograd && !plan.isTraining()
        ? dnnl_forward_inference
        : dnnl_forward_training;
  }

  /**
   * @param bias its layout; null: none
   */
  PrimitiveOperation forward(PlanBuilder plan, dnnl_memory_desc_t bias, PostOperations then) {
    dnnl_convolution_desc_t intent = new dnnl_convolution_desc_t();
    int status =
        transposed
            ? dnnl_dilated_deconvolution_forward_desc_init(
                intent,
                dnnl_forward_training,
                dnnl_deconvolution_direct,
                OneDnn.anyOf(plan.mapType(), from),
                OneDnn.anyOf(plan.mapType(), bank.shape()),
                bias,
                OneDnn.anyOf(plan.mapType(), to),
                sliding.stride(),
                sliding.gaps(),
                leading(),
                trailing())
            : describe(intent, plan, bias, then);
    OneDnn.check("a convolution", status);
    return plan.operation(intent, null, then);
  }

  private int describe(
      dnnl_convolution_desc_t intent,
      PlanBuilder plan,
      dnnl_memory_desc_t bias,
      PostOperations then) {
    Batching batching = batching(plan, then);
    boolean isDeep = batching == Batching.AS_DEPTH;
    boolean isAlone = batching == Batching.ONE_BY_ONE;
    int algorithm = algorithm(plan, then);
    return dnnl_dilated_convolution_forward_desc_init(
        intent,
        purpose(plan, algorithm),
        algorithm,
        isDeep
            ? OneDnn.deep(deep(from))
            : OneDnn.anyOf(plan.mapType(), isAlone ? alone(from) : from),
        OneDnn.anyOf(plan.mapType(), isDeep ? flat(bank.shape()) : bank.shape()),
        bias,
        isDeep ? OneDnn.deep(deep(to)) : OneDnn.anyOf(plan.mapType(), isAlone ? alone(to) : to),
        isDeep ? withDepth(1, sliding.stride()) : sliding.stride(),
        isDeep ? withDepth(0, sliding.gaps()) : sliding.gaps(),
        isDeep ? withDepth(0, leading()) : leading(),
        isDeep ? withDepth(0, trailing()) : trailing());
  }

  /** Gradients of weights and bias, floats in any case. */
  PrimitiveOperation weights(
      PlanBuilder plan, dnnl_memory_desc_t bias, PrimitiveOperation forward) {
    dnnl_convolution_desc_t intent = new dnnl_convolution_desc_t();
    int status =
        transposed
            ? dnnl_dilated_deconvolution_backward_weights_desc_init(
                intent,
                dnnl_deconvolution_direct,
                OneDnn.anyOf(plan.mapType(), from),
                OneDnn.any(bank.shape()),
                bias,
                OneDnn.anyOf(plan.mapType(), to),
                sliding.stride(),
                sliding.gaps(),
                leading(),
                trailing())
            : dnnl_dilated_convolution_backward_weights_desc_init(
                intent,
                algorithm(plan),
                OneDnn.anyOf(plan.mapType(), from),
                OneDnn.any(bank.shape()),
                bias,
                OneDnn.anyOf(plan.mapType(), to),
                sliding.stride(),
                sliding.gaps(),
                leading(),
                trailing());
    OneDnn.check("a convolution's gradient", status);
    return plan.operation(intent, forward);
  }

  /** The error of the input. */
  PrimitiveOperation data(PlanBuilder plan, PrimitiveOperation forward) {
    dnnl_convolution_desc_t intent = new dnnl_convolution_desc_t();
    int status =
        transposed
            ? dnnl_dilated_deconvolution_backward_data_desc_init(
                intent,
                dnnl_deconvolution_direct,
                OneDnn.anyOf(plan.mapType(), from),
                OneDnn.anyOf(plan.mapType(), bank.shape()),
                OneDnn.anyOf(plan.mapType(), to),
                sliding.stride(),
                sliding.gaps(),
                leading(),
                trailing())
            : dnnl_dilated_convolution_backward_data_desc_init(
                intent,
                algorithm(plan),
                OneDnn.anyOf(plan.mapType(), from),
                OneDnn.anyOf(plan.mapType(), bank.shape()),
                OneDnn.anyOf(plan.mapType(), to),
                sliding.stride(),
                sliding.gaps(),
                leading(),
                trailing());
    OneDnn.check("a convolution's error", status);
    return plan.operation(intent, forward);
  }
}
