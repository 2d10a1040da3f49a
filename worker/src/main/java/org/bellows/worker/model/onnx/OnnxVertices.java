package org.bellows.worker.model.onnx;

import java.util.List;
import java.util.Map;
import org.bellows.models.graph.ChannelRange;
import org.bellows.models.graph.ChannelScale;
import org.bellows.models.graph.LocalResponseNorm;
import org.bellows.models.graph.StochasticDepth;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;

/** What vertices without parameters are in ONNX, in inference. */
final class OnnxVertices {
  private static final long CHANNELS = 1;

  private final OnnxGraph onnx;

  OnnxVertices(OnnxGraph onnx) {
    this.onnx = onnx;
  }

  /**
   * Adds a vertex.
   *
   * @return its output
   * @throws IllegalStateException for a vertex that is not known here: each that a network has must
   *     be
   */
  String add(String name, GraphVertex vertex, List<String> from) {
    if (vertex instanceof StochasticDepth) {
      return from.get(0);
    }
    if (vertex instanceof ElementWiseVertex element
        && element.getOp() == ElementWiseVertex.Op.Add) {
      onnx.node("Sum", name, Map.of(), from);
    } else if (vertex instanceof MergeVertex) {
      onnx.node("Concat", name, Map.of("axis", CHANNELS), from);
    } else if (vertex instanceof ScaleVertex scale) {
      onnx.node("Mul", name, from.get(0), onnx.scalar(name + "/factor", scale.getScaleFactor()));
    } else if (vertex instanceof ChannelRange range) {
      slice(name, range, from.get(0));
    } else if (vertex instanceof ChannelScale) {
      String map = name + "/scales";
      onnx.node("Unsqueeze", map, from.get(1), onnx.integers(name + "/axes", 2, 3));
      onnx.node("Mul", name, from.get(0), map);
    } else if (vertex instanceof LocalResponseNorm norm) {
      responseNorm(name, norm, from);
    } else {
      throw new IllegalStateException(
          "vertex %s is a %s, which has no ONNX form here".formatted(name, vertex.getClass()));
    }
    return name;
  }

  private void slice(String name, ChannelRange range, String from) {
    String first = onnx.integers(name + "/first", range.first());
    String end = onnx.integers(name + "/end", range.first() + range.channels());
    onnx.node("Slice", name, from, first, end, onnx.integers(name + "/axis", CHANNELS));
  }

  /** ONNX divides alpha by the number of channels, we do not. */
  private void responseNorm(String name, LocalResponseNorm norm, List<String> from) {
    Map<String, Object> attributes =
        Map.of(
            "size",
            (long) LocalResponseNorm.CHANNELS,
            "alpha",
            norm.alpha() * LocalResponseNorm.CHANNELS,
            "beta",
            LocalResponseNorm.BETA,
            "bias",
            norm.k());
    onnx.node("LRN", name, attributes, from);
  }
}
