// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn.node.convolution;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.dnnl_query_diff_dst_md;
import static org.bytedeco.dnnl.global.dnnl.dnnl_query_src_md;

import org.bellows.worker.engine.onednn.plan.Arguments;
import org.bellows.worker.engine.onednn.plan.PlanBuilder;
import org.bellows.worker.engine.onednn.plan.PrimitiveOperation;
import org.bellows.worker.engine.onednn.plan.Tensor;

/** The call that computes the gradient of a convolution's weights. */
final class WeightGradient {
  private WeightGradient() {}

  /**
   * Both in any layout.
   *
   * @param seen what the convolution reads
   * @param outputGradient the error of what it writes
   */
  record Sides(Tensor seen, Tensor outputGradient) {}

  /**
   * Adds the call, with copies into the layouts that it reads.
   *
   * @param gradient of the weights, in the operation's layout
   * @param biasGradient null: there is no bias
   */
  static void run(
      PlanBuilder plan,
      PrimitiveOperation operation,
      Sides sides,
      Tensor gradient,
      Tensor biasGradient) {
    Tensor from = plan.inLayout(sides.seen(), operation.layout(dnnl_query_src_md));
    Tensor incoming =
        plan.inLayout(sides.outputGradient(), operation.layout(dnnl_query_diff_dst_md));
    Arguments arguments =
        new Arguments()
            .with(DNNL_ARG_SRC, from)
            .with(DNNL_ARG_DIFF_DST, incoming)
            .with(DNNL_ARG_DIFF_WEIGHTS, gradient);
    if (biasGradient != null) {
      arguments.with(DNNL_ARG_DIFF_BIAS, biasGradient);
    }
    plan.run("convolution backward weights", operation, arguments);
    plan.release(from);
    plan.release(incoming);
  }
}
