// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.torch.node;

import java.util.List;
import org.bellows.models.layer.Activation;
import org.bellows.models.layer.LayerShape;
import org.bellows.worker.engine.torch.pass.Pass;
import org.bytedeco.pytorch.Tensor;

/** A function of each element. */
public final class ActivationNode extends Node {
  private final Activation function;
  private Tensor saved;

  public ActivationNode(String name, LayerShape shape, Node input, Activation function) {
    super(name, shape, List.of(input));
    this.function = function;
  }

  @Override
  public boolean savesInput() {
    return !savesOutput();
  }

  @Override
  public boolean savesOutput() {
    return Activations.isDerivedFromResult(function);
  }

  @Override
  Tensor compute(Pass pass) {
    Tensor argument = input().output();
    Tensor result =
        canOverwriteInput()
            ? Activations.applyInPlace(function, argument)
            : Activations.apply(function, argument);
    saved = save(pass, Activations.isDerivedFromResult(function) ? result : argument);
    return result;
  }

  @Override
  void propagate(Pass pass, Tensor slope) {
    give(input(), Activations.slope(function, slope, saved));
  }
}
