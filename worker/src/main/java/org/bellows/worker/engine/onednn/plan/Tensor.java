// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn.plan;

import static org.bytedeco.dnnl.global.dnnl.dnnl_f32;

import java.nio.FloatBuffer;
import org.bytedeco.dnnl.dnnl_memory;
import org.bytedeco.dnnl.dnnl_memory_desc_t;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;

/**
 * An array at a fixed place.
 *
 * @param layout shape, strides and blocks
 * @param memory oneDNN's handle
 * @param start of its memory
 * @param block that holds it; null for a view into the flat vectors
 */
public record Tensor(
    dnnl_memory_desc_t layout, dnnl_memory memory, Pointer start, MemoryBlock block) {

  public long[] shape() {
    return OneDnn.shape(layout);
  }

  public long elements() {
    long product = 1;
    for (long side : shape()) {
      product *= side;
    }
    return product;
  }

  /** Whether it is a stretch of the parameters or of the gradient, which no plan owns. */
  public boolean isInFlatVector() {
    return block == null;
  }

  /**
   * Its memory as floats; only of a plain layout are they the elements in order. In a plan that is
   * only counted they have no owner.
   */
  public FloatBuffer floats(long count) {
    if (layout.data_type() != dnnl_f32) {
      throw new IllegalStateException("an array of another number format was read as floats");
    }
    return start.isNull()
        ? FloatBuffer.allocate(Math.toIntExact(count))
        : new FloatPointer(start).capacity(count).asBuffer();
  }
}
