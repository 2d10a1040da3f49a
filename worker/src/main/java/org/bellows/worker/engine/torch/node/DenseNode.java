// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.torch.node;

import java.util.List;
import org.bellows.models.layer.Activation;
import org.bellows.models.layer.LayerShape;
import org.bellows.models.layer.ParameterArray;
import org.bellows.worker.engine.torch.pass.Pass;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** A matrix, a bias and an activation. */
public final class DenseNode extends Node {
  private final Activation activation;
  private Tensor source;
  private Tensor activated;

  public DenseNode(String name, LayerShape shape, Node input, Activation activation) {
    super(name, shape, List.of(input));
    this.activation = activation;
  }

  @Override
  boolean isTrained() {
    return true;
  }

  private long units() {
    return shape().elements();
  }

  private long seen() {
    return input().shape().elements();
  }

  /** In the flat vector a matrix [in, out] lies column by column: row-major [out, in]. */
  private Tensor weights(Pass pass) {
    return pass.vectors().parameter(name() + "_" + ParameterArray.WEIGHTS, units(), seen());
  }

  @Override
  public boolean savesInput() {
    return true;
  }

  @Override
  public boolean savesOutput() {
    return activation != Activation.IDENTITY && Activations.isDerivedFromResult(activation);
  }

  /** Sums before an activation whose derivative is computed from them. */
  @Override
  public long extraBytes() {
    return Activations.isDerivedFromResult(activation) ? 0 : outputBytes();
  }

  @Override
  Tensor compute(Pass pass) {
    source = save(pass, input().output().reshape(pass.samples(), seen()));
    Tensor bias = pass.vectors().parameter(name() + "_" + ParameterArray.BIASES, units());
    Tensor sums = torch.addmm(bias, source, weights(pass).t());
    Tensor result = Activations.applyInPlace(activation, sums);
    if (activation != Activation.IDENTITY) {
      activated = save(pass, Activations.isDerivedFromResult(activation) ? result : sums);
    }
    return result;
  }

  @Override
  void propagate(Pass pass, Tensor slope) {
    Tensor inner = Activations.slope(activation, slope, activated);
    Tensor ofWeights =
        pass.vectors().gradient(name() + "_" + ParameterArray.WEIGHTS, units(), seen());
    torch.mm_out(ofWeights, inner.t(), source);
    pass.vectors()
        .gradient(name() + "_" + ParameterArray.BIASES, units())
        .copy_(inner.sum(new long[] {0}));
    if (input().needsGradient()) {
      give(input(), inner.mm(weights(pass)).view(input().shape(pass)));
    }
  }
}
