// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn.node.size;

import java.nio.FloatBuffer;
import java.util.List;
import org.bellows.models.layer.Separable;
import org.bellows.models.layer.SideMap;
import org.bellows.worker.engine.onednn.node.Node;
import org.bellows.worker.engine.onednn.node.Pieces;
import org.bellows.worker.engine.onednn.plan.OneDnn;
import org.bellows.worker.engine.onednn.plan.PlanBuilder;
import org.bellows.worker.engine.onednn.plan.Tensor;

/**
 * {@link Separable} where oneDNN has no primitive: resizing with aligned corners, windows that
 * overlap. A loop in Java over each row and column; the backward pass is its exact transpose.
 */
public final class SeparableNode extends Node {
  private final Separable layer;

  /** Height, width. */
  private final long[] size;

  private Loop loop;

  /**
   * @param size height and width of the output
   */
  public SeparableNode(String name, Node input, Separable layer, long[] size) {
    super(name, List.of(input));
    this.layer = layer;
    this.size = size;
  }

  @Override
  public Tensor forward(PlanBuilder plan) {
    Tensor source = Pieces.floats(plan, input().output());
    long[] shape = source.shape();
    SideMap down = layer.side(Math.toIntExact(shape[2]), Math.toIntExact(size[0]));
    SideMap across = layer.side(Math.toIntExact(shape[3]), Math.toIntExact(size[1]));
    Tensor output = plan.tensor(OneDnn.like(source.layout(), shape[0], shape[1], size[0], size[1]));
    loop = new Loop(down, across, Pieces.of(source.layout()), Pieces.of(output.layout()));
    plan.run("resize", context -> loop.forward(source, output));
    plan.release(source);
    return output;
  }

  @Override
  public void backward(PlanBuilder plan, Tensor outputGradient) {
    Tensor incoming = plan.inLayout(outputGradient, output().layout());
    plan.release(outputGradient);
    long[] shape = input().output().shape();
    Tensor outgoing = plan.tensor(OneDnn.like(incoming.layout(), shape));
    plan.run("resize backward", context -> loop.backward(incoming, outgoing));
    plan.release(incoming);
    pass(plan, input(), outgoing);
  }

  /** Piece by piece, with arrays that are made at the first pass. */
  private static final class Loop {
    private final SideMap down;
    private final SideMap across;
    private final Pieces from;
    private final Pieces to;
    private SideSums sums;
    private float[] before;
    private float[] after;

    Loop(SideMap down, SideMap across, Pieces from, Pieces to) {
      this.down = down;
      this.across = across;
      this.from = from;
      this.to = to;
    }

    private void makeArrays() {
      if (sums == null) {
        sums = new SideSums(down, across, from.inner());
        before = new float[from.length()];
        after = new float[to.length()];
      }
    }

    void forward(Tensor source, Tensor output) {
      makeArrays();
      FloatBuffer read = source.floats(from.elements());
      FloatBuffer write = output.floats(to.elements());
      for (int piece = 0; piece < from.count(); piece++) {
        read.get(before);
        sums.forward(before, after);
        write.put(after);
      }
    }

    void backward(Tensor outputGradient, Tensor output) {
      makeArrays();
      FloatBuffer read = outputGradient.floats(to.elements());
      FloatBuffer write = output.floats(from.elements());
      for (int piece = 0; piece < from.count(); piece++) {
        read.get(after);
        sums.backward(after, before);
        write.put(before);
      }
    }
  }
}
