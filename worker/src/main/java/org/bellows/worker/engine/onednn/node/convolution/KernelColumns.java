// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn.node.convolution;

import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_desc_init_submemory;
import static org.bytedeco.dnnl.global.dnnl.dnnl_query_diff_weights_md;

import java.util.Arrays;
import org.bellows.worker.engine.onednn.node.WindowGeometry;
import org.bellows.worker.engine.onednn.plan.OneDnn;
import org.bellows.worker.engine.onednn.plan.PlanBuilder;
import org.bellows.worker.engine.onednn.plan.PostOperations;
import org.bellows.worker.engine.onednn.plan.PrimitiveOperation;
import org.bellows.worker.engine.onednn.plan.Tensor;
import org.bytedeco.dnnl.dnnl_memory_desc_t;

/**
 * Some neighbouring columns of a depthwise kernel. The gradient of a kernel's column depends on no
 * other column, and oneDNN has code for gradients of at most {@link #MOST} of them.
 *
 * <p>The columns {@code first .. first + count - 1} see the pixels {@code x * stride - padding +
 * first ..} of a row: as a kernel of their own, without padding, on a map that begins there.
 *
 * @param whole the kernel's geometry
 * @param first column
 * @param count of columns
 */
record KernelColumns(WindowGeometry whole, int first, int count) {
  /**
   * Gradients of wider depthwise kernels were a matrix product for each channel in oneDNN 2.5.2;
   * 2.7.1 was not tried.
   */
  private static final int MOST = 3;

  /**
   * Whether a depthwise convolution's gradient is computed faster so.
   *
   * @param from its input [n, channels, height, width], without channels that fill a block
   */
  static boolean suit(WindowGeometry geometry, long[] from) {
    long[] size = {from[2], from[3]};
    long step = geometry.stride()[0];
    long above = geometry.leading(size)[0];
    long below = geometry.trailing(size)[0];
    return geometry.kernel()[1] > MOST
        && !geometry.isDilated()
        && !geometry.same()
        && from[1] % OneDnn.channelBlock() == 0
        && size[0] >= geometry.kernel()[0] + Math.floorMod(-above, step)
        && size[1] >= geometry.kernel()[1]
        && isWholeStep(above, step)
        && isWholeStep(below, step);
  }

  /** What oneDNN's code asks of rows of zeros. */
  private static boolean isWholeStep(long padding, long step) {
    return padding <= 1 || padding % step == 0;
  }

  /**
   * Adds the calls that compute the gradient of a kernel's weights.
   *
   * @param shapes of a depthwise convolution without bias that {@link #suit}
   * @param source what it reads
   * @param outputGradient the error of what it writes
   */
  static void backwardWeights(
      PlanBuilder plan, ConvolutionShapes shapes, Tensor source, Tensor outputGradient) {
    ConvolutionWeights bank = shapes.bank();
    Tensor target = plan.gradient(bank.name() + "_W", bank.flat());
    for (KernelColumns columns : of(shapes.sliding())) {
      ConvolutionWeights part =
          new ConvolutionWeights(
              bank.name(), null, columns.shapeOf(bank.shape()), null, bank.maps());
      ConvolutionShapes inner =
          ConvolutionShapes.of(columns.shape(shapes.from()), part, columns.geometry(), false);
      PrimitiveOperation operation =
          inner.weights(plan, null, inner.forward(plan, null, PostOperations.NONE));
      Tensor seen = columns.seen(plan, source);
      Tensor gradient = plan.tensor(operation.layout(dnnl_query_diff_weights_md));
      WeightGradient.run(
          plan, operation, new WeightGradient.Sides(seen, outputGradient), gradient, null);
      plan.copy(gradient, plan.view(target, columns.inWeights(target.layout())));
      plan.release(gradient);
      plan.release(seen);
    }
  }

  /** The kernel in parts. */
  private static KernelColumns[] of(WindowGeometry geometry) {
    int width = Math.toIntExact(geometry.kernel()[1]);
    KernelColumns[] parts = new KernelColumns[(width + MOST - 1) / MOST];
    Arrays.setAll(
        parts, i -> new KernelColumns(geometry, i * MOST, Math.min(MOST, width - i * MOST)));
    return parts;
  }

  /** Of these columns, on {@link #seen}. */
  private WindowGeometry geometry() {
    return new WindowGeometry(
        new long[] {whole.kernel()[0], count},
        whole.stride(),
        new long[] {whole.before()[0], 0},
        whole.dilation(),
        false);
  }

  /**
   * @param map shape of the whole kernel's input
   * @return shape of {@link #seen}
   */
  private long[] shape(long[] map) {
    long outputs = whole.output(new long[] {map[2], map[3]})[1];
    return new long[] {map[0], map[1], map[2], (outputs - 1) * whole.stride()[1] + count};
  }

  /**
   * The part of a map that the columns see, zeros at its sides included.
   *
   * @return retained for the caller
   */
  private Tensor seen(PlanBuilder plan, Tensor map) {
    long[] from = map.shape();
    long[] to = shape(from);
    Tensor part = plan.tensor(OneDnn.like(map.layout(), to));
    // The map's column that is the part's first.
    long begin = first - whole.before()[1];
    long left = Math.max(0, begin);
    long end = Math.min(from[3], begin + to[3]);
    if (left != begin || end != begin + to[3]) {
      plan.clear(part);
    }
    long[] common = {from[0], from[1], from[2], end - left};
    plan.copy(
        plan.view(map, OneDnn.part(map.layout(), common, 0, left)),
        plan.view(part, OneDnn.part(part.layout(), common, 0, left - begin)));
    return part;
  }

  /**
   * @param weights shape of the kernel's
   * @return shape of these columns
   */
  private long[] shapeOf(long[] weights) {
    long[] shape = weights.clone();
    shape[4] = count;
    return shape;
  }

  /** Where in weights [channels, 1, 1, height, width] these columns are. */
  private dnnl_memory_desc_t inWeights(dnnl_memory_desc_t weights) {
    long[] shape = shapeOf(OneDnn.shape(weights));
    dnnl_memory_desc_t view = new dnnl_memory_desc_t();
    OneDnn.check(
        "some columns of weights",
        dnnl_memory_desc_init_submemory(view, weights, shape, new long[] {0, 0, 0, 0, first}));
    return view;
  }
}
