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
  private final boolean isOfHead;
  private Tensor source;
  private Tensor activated;

  public DenseNode(String name, LayerShape shape, Node input, Activation activation) {
    this(name, shape, input, activation, false);
  }

  private DenseNode(
      String name, LayerShape shape, Node input, Activation activation, boolean isOfHead) {
    super(name, shape, List.of(input));
    this.activation = activation;
    this.isOfHead = isOfHead;
  }

  /** The logits of a head, which are float32 in every number format. */
  public static DenseNode ofHead(String name, LayerShape shape, Node input) {
    return new DenseNode(name, shape, input, Activation.IDENTITY, true);
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

  private Tensor format(Pass pass, Tensor tensor) {
    return isOfHead ? Pass.asFloat(tensor) : pass.asMap(tensor);
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
  public long extraBytes(int map) {
    return Activations.isDerivedFromResult(activation) ? 0 : outputBytes(map);
  }

  @Override
  public long outputBytes(int map) {
    return isOfHead ? floatBytes() : super.outputBytes(map);
  }

  @Override
  Tensor compute(Pass pass) {
    source = save(pass, format(pass, input().output()).reshape(pass.samples(), seen()));
    Tensor bias = pass.vectors().parameter(name() + "_" + ParameterArray.BIASES, units());
    Tensor sums =
        pass.products(
            !isOfHead,
            () -> torch.addmm(format(pass, bias), source, format(pass, weights(pass)).t()));
    Tensor result = Activations.applyInPlace(activation, sums);
    if (activation != Activation.IDENTITY) {
      activated = save(pass, Activations.isDerivedFromResult(activation) ? result : sums);
    }
    return result;
  }

  @Override
  void propagate(Pass pass, Tensor slope) {
    Tensor inner = Activations.slope(activation, slope, activated);
    pass.products(
        !isOfHead,
        () -> {
          propagateInner(pass, inner);
          return null;
        });
  }

  private void propagateInner(Pass pass, Tensor inner) {
    Tensor ofWeights =
        pass.vectors().gradient(name() + "_" + ParameterArray.WEIGHTS, units(), seen());
    if (Pass.isOf(torch.ScalarType.Float, source)) {
      torch.mm_out(ofWeights, inner.t(), source);
    } else {
      ofWeights.copy_(inner.t().mm(source));
    }
    pass.vectors()
        .gradient(name() + "_" + ParameterArray.BIASES, units())
        .copy_(Pass.asFloat(inner).sum(new long[] {0}));
    if (input().needsGradient()) {
      Tensor rows = inner.mm(format(pass, weights(pass)));
      give(input(), pass.inMapOrder(rows.view(input().shape(pass))));
    }
  }
}
