// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn.node.convolution;

import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_desc_init_submemory;

import org.bellows.worker.engine.onednn.node.WindowGeometry;
import org.bellows.worker.engine.onednn.plan.OneDnn;
import org.bellows.worker.engine.onednn.plan.PlanBuilder;
import org.bellows.worker.engine.onednn.plan.Tensor;
import org.bytedeco.dnnl.dnnl_memory_desc_t;

/**
 * The first convolution as one over rows. An image has so few channels that a vector register would
 * stay nearly empty; so the kernel's columns become channels, too:
 *
 * <pre>
 * image   [n, C, H, W], kernel h x w, stride s
 * rows    [n, w * C and zeros, H, W'], channel (j, c) at (y, x) = image channel c at (y, x * s + j)
 * kernel  h x 1, stride s down and 1 across
 * </pre>
 *
 * <p>The rows are read from a padded image with channels last, where the channels of neighbouring
 * pixels follow each other: rows overlap in memory, so nothing but a strided copy is needed.
 */
final class RowConvolution {
  private final long[] image;
  private final WindowGeometry geometry;
  private final long channels;
  private final long width;
  private final long left;

  /**
   * @param image [n, channels, height, width]
   * @param channelBlock channels that a register holds
   */
  RowConvolution(long[] image, WindowGeometry geometry, long channelBlock) {
    this.image = image.clone();
    this.geometry = geometry;
    this.channels = OneDnn.roundUp(image[1] * geometry.kernel()[1], channelBlock);
    long[] size = {image[2], image[3]};
    this.width = geometry.output(size)[1];
    this.left = geometry.leading(size)[1];
  }

  long[] shape() {
    return new long[] {image[0], channels, image[2], width};
  }

  WindowGeometry sliding() {
    return geometry.down();
  }

  /** The filters of the rows. */
  ConvolutionWeights filters(String name, long maps, long filters) {
    long height = geometry.kernel()[0];
    long wide = geometry.kernel()[1];
    long[] order = {maps, wide, image[1], height};
    dnnl_memory_desc_t flat =
        OneDnn.strided(order, new long[] {image[1] * height * wide, 1, height * wide, wide});
    dnnl_memory_desc_t inside =
        OneDnn.strided(order, new long[] {channels * height, image[1] * height, height, 1});
    return new ConvolutionWeights(
        name, flat, new long[] {filters, channels, height, 1}, inside, maps);
  }

  /**
   * @param source the image, row-major
   * @param layout of the rows
   * @return retained for the caller
   */
  Tensor read(PlanBuilder plan, Tensor source, dnnl_memory_desc_t layout) {
    long stride = geometry.stride()[1];
    long padded = Math.max(left + image[3], (width - 1) * stride + geometry.kernel()[1]);
    long row = padded * image[1];
    long whole = image[2] * row;
    // More images than needed: the surplus channels of the last pixels read after the last row.
    long surplus = (channels + whole - 1) / whole;
    Tensor wide =
        plan.zeros(
            OneDnn.strided(
                new long[] {image[0] + surplus, image[1], image[2], padded},
                new long[] {whole, 1, row, image[1]}));
    dnnl_memory_desc_t inside = new dnnl_memory_desc_t();
    OneDnn.check(
        "the inside of a padded image",
        dnnl_memory_desc_init_submemory(inside, wide.layout(), image, new long[] {0, 0, 0, left}));
    plan.copy(source, plan.view(wide, inside));
    long[] shape = shape();
    dnnl_memory_desc_t overlapping = OneDnn.plain(shape);
    long[] strides = {whole, 1, row, stride * image[1]};
    overlapping.format_desc_blocking().strides().put(strides);
    Tensor rows = plan.tensor(layout);
    plan.copy(plan.view(wide, overlapping), rows);
    return rows;
  }
}
