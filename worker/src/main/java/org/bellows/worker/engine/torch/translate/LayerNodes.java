// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.torch.translate;

import java.util.List;
import org.bellows.conf.BellowsException;
import org.bellows.models.graph.NetworkGraph.Vertex;
import org.bellows.models.layer.ActivationLayer;
import org.bellows.models.layer.AdaptiveAverage;
import org.bellows.models.layer.BatchNorm;
import org.bellows.models.layer.ChannelRange;
import org.bellows.models.layer.ChannelScale;
import org.bellows.models.layer.Concatenation;
import org.bellows.models.layer.Convolution;
import org.bellows.models.layer.Crop;
import org.bellows.models.layer.Dense;
import org.bellows.models.layer.DenseHead;
import org.bellows.models.layer.Dropout;
import org.bellows.models.layer.GlobalAveragePool;
import org.bellows.models.layer.Layer;
import org.bellows.models.layer.LayerShape;
import org.bellows.models.layer.LocalResponseNorm;
import org.bellows.models.layer.PixelHead;
import org.bellows.models.layer.Pool;
import org.bellows.models.layer.Resampling;
import org.bellows.models.layer.Scale;
import org.bellows.models.layer.SoftmaxHead;
import org.bellows.models.layer.StochasticDepth;
import org.bellows.models.layer.Sum;
import org.bellows.models.layer.TransposedConvolution;
import org.bellows.models.layer.Unpool;
import org.bellows.models.layer.ZeroPadding;
import org.bellows.worker.engine.torch.node.ActivationNode;
import org.bellows.worker.engine.torch.node.AveragePoolNode;
import org.bellows.worker.engine.torch.node.BatchNormNode;
import org.bellows.worker.engine.torch.node.ChannelRangeNode;
import org.bellows.worker.engine.torch.node.ChannelScaleNode;
import org.bellows.worker.engine.torch.node.ConcatenationNode;
import org.bellows.worker.engine.torch.node.ConvolutionNode;
import org.bellows.worker.engine.torch.node.DenseNode;
import org.bellows.worker.engine.torch.node.DropNode;
import org.bellows.worker.engine.torch.node.GlobalAverageNode;
import org.bellows.worker.engine.torch.node.LossNode;
import org.bellows.worker.engine.torch.node.MarginNode;
import org.bellows.worker.engine.torch.node.MaxPoolNode;
import org.bellows.worker.engine.torch.node.Node;
import org.bellows.worker.engine.torch.node.PixelLossNode;
import org.bellows.worker.engine.torch.node.ResponseNormNode;
import org.bellows.worker.engine.torch.node.ScaleNode;
import org.bellows.worker.engine.torch.node.SeparableNode;
import org.bellows.worker.engine.torch.node.SumNode;
import org.bellows.worker.engine.torch.node.UnpoolNode;

/**
 * From one layer to its node. Throws BellowsException (configuration) for a setting that no node
 * has.
 */
final class LayerNodes implements Layer.Visitor<Node> {
  private final NetworkNodes nodes;
  private final Vertex vertex;
  private final String name;
  private final LayerShape shape;

  /**
   * @param nodes gives the nodes that the vertex reads
   */
  LayerNodes(NetworkNodes nodes, Vertex vertex) {
    this.nodes = nodes;
    this.vertex = vertex;
    this.name = vertex.name();
    this.shape = vertex.shape();
  }

  private Node input() {
    return nodes.node(vertex.from());
  }

  private List<Node> inputs() {
    return vertex.inputs().stream().map(nodes::node).toList();
  }

  @Override
  public Node convolution(Convolution layer) {
    return new ConvolutionNode(name, shape, input(), layer);
  }

  @Override
  public Node transposedConvolution(TransposedConvolution layer) {
    return new ConvolutionNode(name, shape, input(), layer);
  }

  @Override
  public Node dense(Dense layer) {
    return new DenseNode(name, shape, input(), layer.activation());
  }

  @Override
  public Node batchNorm(BatchNorm layer) {
    return new BatchNormNode(name, shape, input(), layer);
  }

  @Override
  public Node activation(ActivationLayer layer) {
    return new ActivationNode(name, shape, input(), layer.activation());
  }

  @Override
  public Node pool(Pool layer) {
    return switch (layer.type()) {
      case MAX -> new MaxPoolNode(name, shape, input(), layer);
      case AVG -> {
        if (layer.window().dilation() != 1) {
          throw BellowsException.configuration(
              "the torch step does not know an average pool's dilation %d of vertex %s; train.step-engine=dl4j does"
                  .formatted(layer.window().dilation(), name));
        }
        yield new AveragePoolNode(name, shape, input(), layer);
      }
    };
  }

  @Override
  public Node unpool(Unpool layer) {
    Node values = input();
    return new UnpoolNode(name, shape, values, nodes.pool(vertex.inputs().get(1), layer.pool()));
  }

  @Override
  public Node crop(Crop layer) {
    LayerShape.FeatureMap map = vertex.inputShapes().get(0).asMap();
    LayerShape.FeatureMap size = vertex.inputShapes().get(1).asMap();
    return MarginNode.part(name, shape, input(), layer.top(map, size), layer.left(map, size));
  }

  @Override
  public Node zeroPadding(ZeroPadding layer) {
    return MarginNode.frame(
        name, shape, input(), layer.top(), layer.bottom(), layer.left(), layer.right());
  }

  @Override
  public Node resize(Resampling layer) {
    return new SeparableNode(name, shape, input(), layer);
  }

  @Override
  public Node adaptiveAverage(AdaptiveAverage layer) {
    return new SeparableNode(name, shape, input(), layer);
  }

  @Override
  public Node globalAverage(GlobalAveragePool layer) {
    return new GlobalAverageNode(name, shape, input());
  }

  @Override
  public Node dropout(Dropout layer) {
    return DropNode.ofElements(name, input(), 1 - layer.probability());
  }

  @Override
  public Node stochasticDepth(StochasticDepth layer) {
    return DropNode.ofSamples(name, input(), layer.survival());
  }

  @Override
  public Node sum(Sum layer) {
    return new SumNode(name, shape, inputs());
  }

  @Override
  public Node concatenation(Concatenation layer) {
    return new ConcatenationNode(name, shape, inputs());
  }

  @Override
  public Node scale(Scale layer) {
    return new ScaleNode(name, shape, input(), layer.factor());
  }

  @Override
  public Node channelRange(ChannelRange layer) {
    return new ChannelRangeNode(name, shape, input(), layer);
  }

  @Override
  public Node channelScale(ChannelScale layer) {
    List<Node> inputs = inputs();
    return new ChannelScaleNode(name, shape, inputs.get(0), inputs.get(1));
  }

  @Override
  public Node responseNorm(LocalResponseNorm layer) {
    return new ResponseNormNode(name, shape, input(), layer);
  }

  @Override
  public Node denseHead(DenseHead layer) {
    Node logits = nodes.inside(name, DenseNode.ofHead(name, shape, input()));
    return new LossNode(name, shape, logits, layer.loss());
  }

  @Override
  public Node pixelHead(PixelHead layer) {
    return new PixelLossNode(name, shape, input(), layer.loss());
  }

  @Override
  public Node softmaxHead(SoftmaxHead layer) {
    return new LossNode(name, shape, input(), layer.loss());
  }
}
