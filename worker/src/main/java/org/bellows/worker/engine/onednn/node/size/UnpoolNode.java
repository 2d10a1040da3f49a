// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn.node.size;

import static org.bytedeco.dnnl.global.dnnl.dnnl_f32;
import static org.bytedeco.dnnl.global.dnnl.dnnl_u8;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.List;
import org.bellows.worker.engine.onednn.node.Node;
import org.bellows.worker.engine.onednn.node.Pieces;
import org.bellows.worker.engine.onednn.plan.OneDnn;
import org.bellows.worker.engine.onednn.plan.PlanBuilder;
import org.bellows.worker.engine.onednn.plan.Tensor;
import org.bellows.worker.engine.onednn.plan.UnsupportedLayer;
import org.bytedeco.javacpp.BytePointer;

/**
 * {@link org.bellows.models.layer.Unpool}: forward what the max pool does to an error in its
 * backward pass, backward what stands at the same places.
 */
public final class UnpoolNode extends Node {
  private final PoolNode pool;

  /**
   * @param values one a window of the pool
   */
  public UnpoolNode(String name, Node values, PoolNode pool) {
    super(name, List.of(values, pool));
    this.pool = pool;
    pool.keepPlaces();
  }

  @Override
  public boolean needsGradient() {
    return input().needsGradient();
  }

  @Override
  public Tensor forward(PlanBuilder plan) {
    if (pool.places().layout().data_type() != dnnl_u8) {
      throw UnsupportedLayer.of(name(), "an unpooling of windows of more than 255 pixels");
    }
    plan.retain(input().output());
    Tensor output = pool.spread(plan, input().output());
    if (!plan.isTraining()) {
      plan.release(pool.places());
    }
    return output;
  }

  @Override
  public void backward(PlanBuilder plan, Tensor outputGradient) {
    Tensor incoming = plan.inLayout(outputGradient, OneDnn.ofType(dnnl_f32, output().layout()));
    plan.release(outputGradient);
    Tensor outgoing = plan.tensor(OneDnn.ofType(dnnl_f32, pool.output().layout()));
    Gather gather =
        new Gather(pool.window(), Pieces.of(incoming.layout()), Pieces.of(outgoing.layout()));
    Tensor places = pool.places();
    plan.run("unpool backward", context -> gather.run(incoming, places, outgoing));
    plan.release(incoming);
    plan.release(places);
    pass(plan, input(), outgoing);
  }

  /** Piece by piece, with arrays that are made at the first pass. */
  private static final class Gather {
    private final PoolNode.Places window;
    private final Pieces from;
    private final Pieces to;
    private float[] error;
    private byte[] places;
    private float[] values;

    Gather(PoolNode.Places window, Pieces from, Pieces to) {
      this.window = window;
      this.from = from;
      this.to = to;
    }

    void run(Tensor map, Tensor found, Tensor output) {
      if (error == null) {
        error = new float[from.length()];
        places = new byte[to.length()];
        values = new float[to.length()];
      }
      FloatBuffer read = map.floats(from.elements());
      ByteBuffer where = new BytePointer(found.start()).capacity(to.elements()).asByteBuffer();
      FloatBuffer write = output.floats(to.elements());
      for (int piece = 0; piece < to.count(); piece++) {
        read.get(error);
        where.get(places);
        gather();
        write.put(values);
      }
    }

    private void gather() {
      int inner = to.inner();
      int wide = Math.toIntExact(window.kernel()[1]);
      int next = 0;
      for (int row = 0; row < to.height(); row++) {
        long top = row * window.stride()[0] - window.before()[0];
        for (int column = 0; column < to.width(); column++) {
          long left = column * window.stride()[1] - window.before()[1];
          for (int k = 0; k < inner; k++, next++) {
            int place = Byte.toUnsignedInt(places[next]);
            long pixel = (top + place / wide) * from.width() + left + place % wide;
            values[next] = error[(int) pixel * inner + k];
          }
        }
      }
    }
  }
}
