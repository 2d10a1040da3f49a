// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.torch.node;

import java.util.List;
import org.bellows.models.layer.LayerShape;
import org.bellows.models.layer.LocalResponseNorm;
import org.bellows.worker.engine.torch.pass.Pass;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * Local response normalisation (Krizhevsky et al. 2012). With m = s^beta, y = x / m and e the slope
 * at y, the slope at x_i is e_i / m_i - 2 alpha beta x_i times the sum of e_j y_j / s_j over the
 * channels j around i.
 */
public final class ResponseNormNode extends Node {
  private final LocalResponseNorm norm;
  private Tensor x;
  private Tensor s;
  private Tensor m;
  private Tensor y;

  public ResponseNormNode(String name, LayerShape shape, Node input, LocalResponseNorm norm) {
    super(name, shape, List.of(input));
    this.norm = norm;
  }

  @Override
  public boolean savesInput() {
    return true;
  }

  @Override
  public boolean savesOutput() {
    return true;
  }

  /** s and m; where maps are rounded, x and y as they were before. */
  @Override
  public long extraBytes(int map) {
    return 2 * floatBytes() + (map == Float.BYTES ? 0 : 2 * floatBytes());
  }

  /** Squares, padded, their sums, roots; or products, padded, their sums, and quotients. */
  @Override
  public long workBytes(int map) {
    return 5 * floatBytes();
  }

  @Override
  Tensor compute(Pass pass) {
    x = save(pass, Pass.asFloat(input().output()));
    s = save(pass, sums(x.square()));
    s.add_(new Scalar(norm.k()));
    // s^(3/4)
    Tensor root = s.sqrt();
    m = save(pass, root.sqrt());
    m.mul_(root);
    y = save(pass, x.div(m));
    return pass.asMap(y);
  }

  /** Alpha times the sum of the channels around each. */
  private Tensor sums(Tensor map) {
    int reach = LocalResponseNorm.REACH;
    Tensor padded = Windows.padChannels(map, reach, reach);
    int channels = shape().channels();
    Tensor sum = Windows.channels(padded, 0, channels).clone();
    for (int i = 1; i < LocalResponseNorm.CHANNELS; i++) {
      sum.add_(Windows.channels(padded, i, channels));
    }
    sum.mul_(new Scalar(norm.alpha()));
    return sum;
  }

  @Override
  void propagate(Pass pass, Tensor slope) {
    // Squares of a map are beyond what bfloat16 tells apart.
    Tensor product = slope.mul(y);
    product.div_(s);
    Tensor around = sums(product);
    around.mul_(x);
    around.mul_(new Scalar(-2 * LocalResponseNorm.BETA));
    around.add_(slope.div(m));
    give(input(), around);
  }
}
