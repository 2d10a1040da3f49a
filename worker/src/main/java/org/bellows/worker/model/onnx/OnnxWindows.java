package org.bellows.worker.model.onnx;

import java.util.LinkedHashMap;
import java.util.Map;
import org.bellows.models.layer.Pool;
import org.bellows.models.layer.Window;

/** Attributes of what slides over a map. */
final class OnnxWindows {
  private OnnxWindows() {}

  static Map<String, Object> window(Window window) {
    Map<String, Object> attributes = new LinkedHashMap<>();
    attributes.put("kernel_shape", new long[] {window.height(), window.width()});
    attributes.put("strides", new long[] {window.stride(), window.stride()});
    return attributes;
  }

  static long[] dilations(Window window) {
    return new long[] {window.dilation(), window.dilation()};
  }

  static long[] pads(Window window) {
    long height = window.padHeight();
    long width = window.padWidth();
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
