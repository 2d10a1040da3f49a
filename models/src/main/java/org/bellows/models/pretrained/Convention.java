// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.pretrained;

import java.util.Map;

/** How a framework names the arrays of a layer, and in which order their axes come. */
public enum Convention {
  /**
   * PyTorch. Convolutions [out, in, height, width], depthwise ones [channels, 1, height, width],
   * dense layers [out, in].
   */
  TORCH(
      ".",
      Map.of(
          "W", "weight",
          "b", "bias",
          "gamma", "weight",
          "beta", "bias",
          "mean", "running_mean",
          "var", "running_var")),

  /**
   * Keras with its channels last. Convolutions [height, width, in, out], depthwise ones [height,
   * width, channels, 1], dense layers [in, out]; a map is flattened channels innermost.
   */
  KERAS(
      "/",
      Map.of(
          "W", "kernel",
          "b", "bias",
          "gamma", "gamma",
          "beta", "beta",
          "mean", "moving_mean",
          "var", "moving_variance"));

  private final String separator;

  @SuppressWarnings("ImmutableEnumChecker") // What Map.of gives cannot be changed.
  private final Map<String, String> names;

  Convention(String separator, Map<String, String> names) {
    this.separator = separator;
    this.names = names;
  }

  /**
   * @param layer of the framework
   * @param kind DL4J's name of the array: W, b, gamma, beta, mean or var
   */
  String arrayName(String layer, String kind) {
    String name = names.get(kind);
    if (name == null) {
      throw new IllegalArgumentException("no framework has an array like " + kind);
    }
    return layer + separator + name;
  }
}
