// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.torch.node;

import org.bellows.models.layer.Activation;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Functions of each element and their derivatives. */
final class Activations {
  private static final int RELU6 = 6;

  private Activations() {}

  /** Whether the derivative is computed from the function's result; else from its argument. */
  static boolean isDerivedFromResult(Activation function) {
    return function != Activation.SWISH;
  }

  /**
   * In the argument's memory if the derivative is not computed from it.
   *
   * @param argument may be overwritten
   */
  static Tensor applyInPlace(Activation function, Tensor argument) {
    switch (function) {
      case IDENTITY -> {}
      case RELU -> argument.relu_();
      case RELU6 -> torch.hardtanh_(argument, new Scalar(0), new Scalar(RELU6));
      case TANH -> argument.tanh_();
      case SIGMOID -> argument.sigmoid_();
      case SWISH -> {
        return torch.silu(argument);
      }
    }
    return argument;
  }

  /** Of an argument that stays as it is. */
  static Tensor apply(Activation function, Tensor argument) {
    return switch (function) {
      case IDENTITY -> argument;
      case RELU -> torch.relu(argument);
      case RELU6 -> torch.hardtanh(argument, new Scalar(0), new Scalar(RELU6));
      case TANH -> torch.tanh(argument);
      case SIGMOID -> torch.sigmoid(argument);
      case SWISH -> torch.silu(argument);
    };
  }

  /**
   * The gradient at the argument.
   *
   * @param slope gradient at the result
   * @param saved the result, or the argument, see {@link #isDerivedFromResult}
   */
  static Tensor slope(Activation function, Tensor slope, Tensor saved) {
    return switch (function) {
      case IDENTITY -> slope;
      case RELU -> torch.threshold_backward(slope, saved, new Scalar(0));
      case RELU6 -> torch.hardtanh_backward(slope, saved, new Scalar(0), new Scalar(RELU6));
      case TANH -> torch.tanh_backward(slope, saved);
      case SIGMOID -> torch.sigmoid_backward(slope, saved);
      case SWISH -> torch.silu_backward(slope, saved);
    };
  }
}
