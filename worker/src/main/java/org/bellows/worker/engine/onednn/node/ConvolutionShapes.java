// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn.node;

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
import static org.bytedeco.dnnl.global.dnnl.dnnl_forward_inference;
import static org.bytedeco.dnnl.global.dnnl.dnnl_forward_training;

import org.bellows.conf.Settings;
import org.bellows.worker.engine.onednn.arithmetic.WinogradRule;
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

  private long[] leading() {
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
        plan.convolutions() == Settings.Convolutions.WINOGRAD
            && (plan.isTraining()
                ? WinogradRule.suitsTraining(
                    from, to, bank.shape(), sliding.stride(), sliding.gaps())
                : WinogradRule.suitsInference(
                    from, to, bank.shape(), sliding.stride(), sliding.gaps()));
    return winograd ? dnnl_convolution_winograd : dnnl_convolution_direct;
  }

  /**
   * Whether {@link #forward} computes one sample. The order of Winograd's sums depends on how many
   * it is given, and the answer to a picture must not depend on those beside it.
   */
  boolean isBySample(PlanBuilder plan, PostOperations then) {
    return !plan.isTraining() && algorithm(plan, then) == dnnl_convolution_winograd;
  }

  private static long[] alone(long[] shape) {
    long[] alone = shape.clone();
    alone[0] = 1;
    return alone;
  }

  /**
   * Weights that do not change are transformed once for all passes, if it is said that none trains.
   * The same word lets oneDNN 2.5.2 choose a direct algorithm that crashes (brgemm).
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
    int algorithm = algorithm(plan, then);
    boolean bySample = isBySample(plan, then);
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
            : dnnl_dilated_convolution_forward_desc_init(
                intent,
                purpose(plan, algorithm),
                algorithm,
                OneDnn.anyOf(plan.mapType(), bySample ? alone(from) : from),
                OneDnn.anyOf(plan.mapType(), bank.shape()),
                bias,
                OneDnn.anyOf(plan.mapType(), bySample ? alone(to) : to),
                sliding.stride(),
                sliding.gaps(),
                leading(),
                trailing());
    OneDnn.check("a convolution", status);
    return plan.operation(intent, null, then);
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
