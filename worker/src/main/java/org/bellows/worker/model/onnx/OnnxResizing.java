// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.model.onnx;

import java.util.List;
import java.util.Map;
import org.bellows.conf.BellowsException;
import org.bellows.models.graph.NetworkGraph.Vertex;
import org.bellows.models.layer.AdaptiveAverage;
import org.bellows.models.layer.Crop;
import org.bellows.models.layer.Interpolation;
import org.bellows.models.layer.Kernel;
import org.bellows.models.layer.LayerShape;
import org.bellows.models.layer.Pool;
import org.bellows.models.layer.Resampling;
import org.bellows.models.layer.SideMap;
import org.bellows.models.layer.Unpool;

/** Adds a layer to an ONNX graph that gives a map another height and width. */
final class OnnxResizing {
  private static final long HEIGHT_AXIS = 2;
  private static final long WIDTH_AXIS = 3;

  private final OnnxGraph onnx;
  private final String name;
  private final List<String> from;
  private final LayerShape.FeatureMap map;
  private final List<LayerShape> given;
  private final LayerShape.FeatureMap shape;

  /**
   * @param from names of the outputs that the vertex reads
   */
  OnnxResizing(OnnxGraph onnx, Vertex vertex, List<String> from) {
    this.onnx = onnx;
    this.name = vertex.name();
    this.from = from;
    this.given = vertex.inputShapes();
    this.map = given.get(0).asMap();
    this.shape = vertex.shape().asMap();
  }

  String crop(Crop layer) {
    LayerShape.FeatureMap size = given.get(1).asMap();
    int top = layer.top(map, size);
    int left = layer.left(map, size);
    onnx.node(
        "Slice",
        name,
        from.get(0),
        onnx.integers(name + "/first", top, left),
        onnx.integers(name + "/end", top + shape.height(), left + shape.width()),
        onnx.integers(name + "/axes", HEIGHT_AXIS, WIDTH_AXIS));
    return name;
  }

  /** The pixels of the nearest kind are listed: a scale in single precision may miss one. */
  String resize(Resampling layer) {
    switch (layer.interpolation()) {
      case BILINEAR -> linear("half_pixel");
      case BILINEAR_ALIGNED -> linear("align_corners");
      case NEAREST -> {
        String rows =
            gather(HEIGHT_AXIS, from.get(0), name + "/rows", pixels(map.height(), shape.height()));
        gather(WIDTH_AXIS, rows, name, pixels(map.width(), shape.width()));
      }
    }
    return name;
  }

  /** Sizes instead of scales: a scale in single precision may lose a row. */
  private void linear(String coordinates) {
    String whole = name + "/shape";
    onnx.node("Shape", whole, from.get(0));
    String start = name + "/start";
    onnx.node(
        "Slice",
        start,
        whole,
        onnx.integers(name + "/zero", 0),
        onnx.integers(name + "/two", HEIGHT_AXIS));
    String sizes = name + "/sizes";
    onnx.node(
        "Concat",
        sizes,
        Map.of("axis", 0L),
        List.of(start, onnx.integers(name + "/sides", shape.height(), shape.width())));
    onnx.node(
        "Resize",
        name,
        Map.of("mode", "linear", "coordinate_transformation_mode", coordinates),
        List.of(from.get(0), "", "", sizes));
  }

  private static long[] pixels(int old, int side) {
    SideMap pixels = Interpolation.NEAREST.resize(old, side);
    long[] list = new long[side];
    for (int i = 0; i < side; i++) {
      list[i] = pixels.first()[i];
    }
    return list;
  }

  private String gather(long axis, String input, String output, long[] pixels) {
    String list = onnx.integers(output + "/pixels", pixels);
    onnx.node("Gather", output, Map.of("axis", axis), List.of(input, list));
    return output;
  }

  /** ONNX has no such pool: products with matrices. */
  String adaptiveAverage(AdaptiveAverage layer) {
    SideMap across = layer.side(map.width(), shape.width());
    String right =
        onnx.constant(
            name + "/across",
            new long[] {across.from(), across.to()},
            transposed(across.matrix(), across.to()));
    onnx.node("MatMul", name + "/rows", from.get(0), right);
    SideMap down = layer.side(map.height(), shape.height());
    String left = onnx.constant(name + "/down", new long[] {down.to(), down.from()}, down.matrix());
    onnx.node("MatMul", name, left, name + "/rows");
    return name;
  }

  /** The places are asked of a pool of the unpooling's own. */
  String unpool(Unpool layer) {
    Kernel kernel = layer.pool().window();
    if (kernel.stride() < Math.max(kernel.reachHeight(), kernel.reachWidth())) {
      throw BellowsException.configuration(
          "ONNX has no unpooling of windows that overlap, as those of vertex %s do: %d x %d /%d"
              .formatted(name, kernel.reachHeight(), kernel.reachWidth(), kernel.stride()));
    }
    String places = name + "/places";
    onnx.node(
        "MaxPool",
        List.of(name + "/pooled", places),
        OnnxWindows.pooling(layer.pool()),
        List.of(from.get(1)));
    String size = name + "/size";
    onnx.node("Shape", size, from.get(1));
    Map<String, Object> attributes = OnnxWindows.window(kernel);
    attributes.put("pads", framed(layer.pool()));
    onnx.node("MaxUnpool", name, attributes, List.of(from.get(0), places, size));
    return name;
  }

  /** By how much the windows of a pool stick out: top, left, bottom, right. */
  private long[] framed(Pool pool) {
    LayerShape.FeatureMap size = given.get(1).asMap();
    Kernel kernel = pool.window();
    int top = pool.top(size);
    int left = pool.left(size);
    int high = (map.height() - 1) * kernel.stride() + kernel.reachHeight();
    int wide = (map.width() - 1) * kernel.stride() + kernel.reachWidth();
    return new long[] {
      top, left, Math.max(0, high - top - size.height()), Math.max(0, wide - left - size.width())
    };
  }

  /** [rows, columns] -> [columns, rows]. */
  static float[] transposed(float[] values, int rows) {
    int columns = values.length / rows;
    float[] transposed = new float[values.length];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        transposed[column * rows + row] = values[row * columns + column];
      }
    }
    return transposed;
  }
}
