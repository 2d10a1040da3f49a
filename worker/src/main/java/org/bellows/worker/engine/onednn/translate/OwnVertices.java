package org.bellows.worker.engine.onednn.translate;

import java.util.List;
import org.bellows.models.graph.ChannelRange;
import org.bellows.models.graph.ChannelScale;
import org.bellows.models.graph.LocalResponseNorm;
import org.bellows.models.graph.StochasticDepth;
import org.bellows.worker.engine.onednn.node.ChannelRangeNode;
import org.bellows.worker.engine.onednn.node.ChannelScaleNode;
import org.bellows.worker.engine.onednn.node.Node;
import org.bellows.worker.engine.onednn.node.ResponseNormNode;
import org.bellows.worker.engine.onednn.node.StochasticDepthNode;
import org.bellows.worker.engine.onednn.plan.UnsupportedLayer;
import org.deeplearning4j.nn.conf.graph.GraphVertex;

/** From our own vertices to nodes. */
final class OwnVertices {
  private OwnVertices() {}

  /**
   * @throws org.bellows.conf.BellowsException (configuration) for a vertex that no node stands for
   */
  static Node translate(String name, GraphVertex vertex, List<Node> inputs) {
    Node input = inputs.get(0);
    if (vertex instanceof ChannelRange range) {
      return new ChannelRangeNode(name, input, range.first(), range.channels());
    } else if (vertex instanceof LocalResponseNorm norm) {
      return new ResponseNormNode(name, input, norm);
    } else if (vertex instanceof StochasticDepth depth) {
      return new StochasticDepthNode(name, input, depth.survival());
    } else if (vertex instanceof ChannelScale) {
      return new ChannelScaleNode(name, input, inputs.get(1));
    }
    throw UnsupportedLayer.of(name, vertex.getClass().getSimpleName());
  }
}
