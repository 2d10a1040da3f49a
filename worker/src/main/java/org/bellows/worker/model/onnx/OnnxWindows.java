// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.model.onnx;

import java.util.LinkedHashMap;
import java.util.Map;
import org.bellows.models.layer.Kernel;
import org.bellows.models.layer.Pool;

/** Attributes of what slides over a map. */
final class OnnxWindows {
  private OnnxWindows() {}

  static Map<String, Object> window(Kernel kernel) {
    Map<String, Object> attributes = new LinkedHashMap<>();
    attributes.put("kernel_shape", new long[] {kernel.height(), kernel.width()});
    attributes.put("strides", new long[] {kernel.stride(), kernel.stride()});
    return attributes;
  }

  static long[] dilations(Kernel kernel) {
    return new long[] {kernel.dilation(), kernel.dilation()};
  }

  static long[] pads(Kernel kernel) {
    long height = kernel.padHeight();
    long width = kernel.padWidth();
    return new long[] {height, width, height, width};
  }

  static Map<String, Object> pooling(Pool layer) {
    Map<String, Object> attributes = window(layer.window());
    if (layer.roundsUp()) {
      attributes.put("auto_pad", "SAME_UPPER");
    } else {
      attributes.put("pads", pads(layer.window()));
    }
    if (layer.window().dilation() != 1) {
      attributes.put("dilations", dilations(layer.window()));
    }
    return attributes;
  }
}
