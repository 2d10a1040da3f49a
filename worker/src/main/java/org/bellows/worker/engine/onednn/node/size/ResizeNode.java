// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn.node.size;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.dnnl_forward_training;
import static org.bytedeco.dnnl.global.dnnl.dnnl_resampling_backward_desc_init;
import static org.bytedeco.dnnl.global.dnnl.dnnl_resampling_forward_desc_init;
import static org.bytedeco.dnnl.global.dnnl.dnnl_resampling_linear;
import static org.bytedeco.dnnl.global.dnnl.dnnl_resampling_nearest;

import java.util.List;
import org.bellows.worker.engine.onednn.node.Node;
import org.bellows.worker.engine.onednn.plan.Arguments;
import org.bellows.worker.engine.onednn.plan.OneDnn;
import org.bellows.worker.engine.onednn.plan.PlanBuilder;
import org.bellows.worker.engine.onednn.plan.PrimitiveOperation;
import org.bellows.worker.engine.onednn.plan.Tensor;
import org.bytedeco.dnnl.dnnl_resampling_desc_t;
import org.bytedeco.javacpp.FloatPointer;

/**
 * A resized map by oneDNN: bilinear between half-pixel centres, or the nearest pixel where the
 * sides grow by whole factors.
 */
public final class ResizeNode extends Node {
  private final int kind;

  /** Height, width. */
  private final long[] size;

  private PrimitiveOperation forward;
  private Tensor source;

  /**
   * @param size height and width of the output
   */
  public ResizeNode(String name, Node input, boolean linear, long[] size) {
    super(name, List.of(input));
    this.kind = linear ? dnnl_resampling_linear : dnnl_resampling_nearest;
    this.size = size;
  }

  @Override
  public Tensor forward(PlanBuilder plan) {
    source = plan.widened(input().output());
    long[] shape = source.shape();
    dnnl_resampling_desc_t intent = new dnnl_resampling_desc_t();
    Tensor output = plan.tensor(OneDnn.like(source.layout(), shape[0], shape[1], size[0], size[1]));
    OneDnn.check(
        "a resize",
        dnnl_resampling_forward_desc_init(
            intent,
            dnnl_forward_training,
            kind,
            (FloatPointer) null,
            source.layout(),
            output.layout()));
    forward = plan.operation(intent, null);
    plan.run(
        "resize", forward, new Arguments().with(DNNL_ARG_SRC, source).with(DNNL_ARG_DST, output));
    return plan.view(output, OneDnn.narrowed(output.layout(), channels()));
  }

  private long channels() {
    return input().output().shape()[1];
  }

  @Override
  public void backward(PlanBuilder plan, Tensor outputGradient) {
    Tensor narrow = plan.inLayout(outputGradient, output().layout());
    plan.release(outputGradient);
    Tensor incoming = plan.widened(narrow);
    Tensor outgoing = plan.tensor(source.layout());
    dnnl_resampling_desc_t intent = new dnnl_resampling_desc_t();
    OneDnn.check(
        "a resize's error",
        dnnl_resampling_backward_desc_init(
            intent, kind, (FloatPointer) null, outgoing.layout(), incoming.layout()));
    plan.run(
        "resize backward",
        plan.operation(intent, forward),
        new Arguments().with(DNNL_ARG_DIFF_DST, incoming).with(DNNL_ARG_DIFF_SRC, outgoing));
    plan.release(incoming);
    pass(plan, input(), plan.narrowed(outgoing, channels()));
  }
}
