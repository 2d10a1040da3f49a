// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn.node.size;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WORKSPACE;
import static org.bytedeco.dnnl.global.dnnl.dnnl_forward_inference;
import static org.bytedeco.dnnl.global.dnnl.dnnl_forward_training;
import static org.bytedeco.dnnl.global.dnnl.dnnl_pooling_avg_exclude_padding;
import static org.bytedeco.dnnl.global.dnnl.dnnl_pooling_backward_desc_init;
import static org.bytedeco.dnnl.global.dnnl.dnnl_pooling_forward_desc_init;
import static org.bytedeco.dnnl.global.dnnl.dnnl_pooling_max;
import static org.bytedeco.dnnl.global.dnnl.dnnl_query_diff_dst_md;
import static org.bytedeco.dnnl.global.dnnl.dnnl_query_dst_md;
import static org.bytedeco.dnnl.global.dnnl.dnnl_query_workspace_md;

import java.util.List;
import org.bellows.worker.engine.onednn.node.Elementwise;
import org.bellows.worker.engine.onednn.node.Node;
import org.bellows.worker.engine.onednn.node.WindowGeometry;
import org.bellows.worker.engine.onednn.plan.ActivationFunction;
import org.bellows.worker.engine.onednn.plan.Arguments;
import org.bellows.worker.engine.onednn.plan.OneDnn;
import org.bellows.worker.engine.onednn.plan.PlanBuilder;
import org.bellows.worker.engine.onednn.plan.PrimitiveOperation;
import org.bellows.worker.engine.onednn.plan.Tensor;
import org.bytedeco.dnnl.dnnl_memory_desc_t;
import org.bytedeco.dnnl.dnnl_pooling_desc_t;

/**
 * Max or average pool; padding counts neither as a value nor in the divisor. Without a window it
 * covers the whole map.
 */
public final class PoolNode extends Node {
  private final boolean max;
  private final WindowGeometry window;
  private ActivationFunction before = ActivationFunction.IDENTITY;
  private PrimitiveOperation forward;
  private int unpools;
  private Tensor workspace;
  private dnnl_memory_desc_t from;

  /**
   * @param window null: the whole map
   */
  public PoolNode(String name, Node input, boolean max, WindowGeometry window) {
    super(name, List.of(input));
    this.max = max;
    this.window = window;
  }

  public boolean isMax() {
    return max;
  }

  /**
   * Takes over the derivative of the convolution's activation in front. A rising function and a
   * maximum change places freely; of the maxima there are fewer.
   */
  public void setActivationBefore(ActivationFunction activation) {
    before = activation;
  }

  /** Another node takes the places of its maxima. */
  void keepPlaces() {
    unpools++;
  }

  @Override
  public Tensor forward(PlanBuilder plan) {
    Tensor source = plan.widened(input().output());
    from = source.layout();
    boolean keeps = plan.isTraining() || unpools > 0;
    dnnl_pooling_desc_t intent = new dnnl_pooling_desc_t();
    WindowGeometry geometry = sliding();
    long[] size = size();
    OneDnn.check(
        "a pool",
        dnnl_pooling_forward_desc_init(
            intent,
            keeps ? dnnl_forward_training : dnnl_forward_inference,
            kind(),
            from,
            OneDnn.anyOf(from.data_type(), outputShape()),
            geometry.stride(),
            geometry.kernel(),
            geometry.leading(size),
            geometry.trailing(size)));
    forward = plan.operation(intent, null);
    Tensor output = plan.tensor(forward.layout(dnnl_query_dst_md));
    Arguments arguments = new Arguments().with(DNNL_ARG_SRC, source).with(DNNL_ARG_DST, output);
    if (max && keeps) {
      workspace = plan.tensor(forward.layout(dnnl_query_workspace_md));
      arguments.with(DNNL_ARG_WORKSPACE, workspace);
      // In training the pool's own backward pass is the last that needs it.
      for (int i = plan.isTraining() ? 0 : 1; i < unpools; i++) {
        plan.retain(workspace);
      }
    }
    plan.run("pool", forward, arguments);
    if (plan.isTraining() && !before.isIdentity()) {
      plan.retain(output);
    }
    return plan.view(output, OneDnn.narrowed(output.layout(), channels()));
  }

  private long channels() {
    return input().output().shape()[1];
  }

  private int kind() {
    return max ? dnnl_pooling_max : dnnl_pooling_avg_exclude_padding;
  }

  private long[] size() {
    long[] shape = OneDnn.shape(from);
    return new long[] {shape[2], shape[3]};
  }

  private WindowGeometry sliding() {
    return window == null ? WindowGeometry.whole(size()[0], size()[1]) : window;
  }

  private long[] outputShape() {
    long[] shape = OneDnn.shape(from);
    long[] size = sliding().output(size());
    return new long[] {shape[0], shape[1], size[0], size[1]};
  }

  @Override
  public void backward(PlanBuilder plan, Tensor outputGradient) {
    Tensor inner = outputGradient;
    if (!before.isIdentity()) {
      inner = Elementwise.backward(plan, before, output(), outputGradient);
      plan.release(output());
    }
    Tensor outgoing = spread(plan, inner);
    if (max) {
      plan.release(workspace);
    }
    pass(plan, input(), outgoing);
  }

  /**
   * Each value to the place of its window's maximum, or evenly over its window; the sum where
   * windows overlap.
   *
   * @param values shaped as the pool's output, taken over
   * @return shaped as its input, retained for the caller
   */
  Tensor spread(PlanBuilder plan, Tensor values) {
    dnnl_pooling_desc_t intent = new dnnl_pooling_desc_t();
    WindowGeometry geometry = sliding();
    long[] size = size();
    OneDnn.check(
        "a pool's error",
        dnnl_pooling_backward_desc_init(
            intent,
            kind(),
            from,
            forward.layout(dnnl_query_dst_md),
            geometry.stride(),
            geometry.kernel(),
            geometry.leading(size),
            geometry.trailing(size)));
    PrimitiveOperation operation = plan.operation(intent, forward);
    Tensor narrow = plan.inLayout(values, output().layout());
    plan.release(values);
    Tensor wide = plan.widened(narrow);
    Tensor incoming = plan.inLayout(wide, operation.layout(dnnl_query_diff_dst_md));
    plan.release(wide);
    Tensor outgoing = plan.tensor(from);
    Arguments arguments =
        new Arguments().with(DNNL_ARG_DIFF_DST, incoming).with(DNNL_ARG_DIFF_SRC, outgoing);
    if (max) {
      arguments.with(DNNL_ARG_WORKSPACE, workspace);
    }
    plan.run("pool backward", operation, arguments);
    plan.release(incoming);
    return plan.view(outgoing, OneDnn.narrowed(from, channels()));
  }

  /** One byte an element of the output: where in its window the maximum is, row-major. */
  Tensor places() {
    return workspace;
  }

  /** Pixels of the window, and where the first begins, height and width each. */
  record Places(long[] kernel, long[] stride, long[] before) {}

  Places window() {
    WindowGeometry geometry = sliding();
    return new Places(geometry.kernel(), geometry.stride(), geometry.leading(size()));
  }
}
