// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn.translate;

import java.util.List;
import org.bellows.models.graph.NetworkGraph.Vertex;
import org.bellows.models.layer.Activation;
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
import org.bellows.models.layer.Kernel;
import org.bellows.models.layer.Layer;
import org.bellows.models.layer.LayerShape;
import org.bellows.models.layer.LocalResponseNorm;
import org.bellows.models.layer.PixelHead;
import org.bellows.models.layer.Pool;
import org.bellows.models.layer.PoolingType;
import org.bellows.models.layer.Resampling;
import org.bellows.models.layer.Scale;
import org.bellows.models.layer.SoftmaxHead;
import org.bellows.models.layer.StochasticDepth;
import org.bellows.models.layer.Sum;
import org.bellows.models.layer.TransposedConvolution;
import org.bellows.models.layer.Unpool;
import org.bellows.models.layer.ZeroPadding;
import org.bellows.worker.engine.onednn.node.ActivationNode;
import org.bellows.worker.engine.onednn.node.BatchNormNode;
import org.bellows.worker.engine.onednn.node.ChannelRangeNode;
import org.bellows.worker.engine.onednn.node.ChannelScaleNode;
import org.bellows.worker.engine.onednn.node.ConcatenationNode;
import org.bellows.worker.engine.onednn.node.DenseNode;
import org.bellows.worker.engine.onednn.node.DropoutNode;
import org.bellows.worker.engine.onednn.node.LocalResponseNormNode;
import org.bellows.worker.engine.onednn.node.LossNode;
import org.bellows.worker.engine.onednn.node.Node;
import org.bellows.worker.engine.onednn.node.PixelLossNode;
import org.bellows.worker.engine.onednn.node.ScaleNode;
import org.bellows.worker.engine.onednn.node.StochasticDepthNode;
import org.bellows.worker.engine.onednn.node.SumNode;
import org.bellows.worker.engine.onednn.node.WindowGeometry;
import org.bellows.worker.engine.onednn.node.convolution.ConvolutionNode;
import org.bellows.worker.engine.onednn.node.size.CropNode;
import org.bellows.worker.engine.onednn.node.size.PaddingNode;
import org.bellows.worker.engine.onednn.node.size.PoolNode;
import org.bellows.worker.engine.onednn.node.size.ResizeNode;
import org.bellows.worker.engine.onednn.node.size.SeparableNode;
import org.bellows.worker.engine.onednn.node.size.UnpoolNode;
import org.bellows.worker.engine.onednn.plan.ActivationFunction;
import org.bellows.worker.engine.onednn.plan.UnsupportedLayer;

/**
 * From one layer to its node. Throws BellowsException (configuration) for a setting that no node
 * has.
 */
final class LayerNodes implements Layer.Visitor<Node> {
  private final GraphTranslator translator;
  private final Vertex vertex;
  private final String name;

  /**
   * @param translator gives the nodes that the vertex reads
   */
  LayerNodes(GraphTranslator translator, Vertex vertex) {
    this.translator = translator;
    this.vertex = vertex;
    this.name = vertex.name();
  }

  private Node input() {
    return translator.node(vertex.from());
  }

  private List<Node> inputs() {
    return vertex.inputs().stream().map(translator::node).toList();
  }

  @Override
  public Node convolution(Convolution layer) {
    ConvolutionNode.Filters filters =
        new ConvolutionNode.Filters(
            layer.channels(), layer.isDepthwise(), layer.hasBias(), true, false);
    return convolution(filters, layer.window(), layer.activation());
  }

  @Override
  public Node transposedConvolution(TransposedConvolution layer) {
    ConvolutionNode.Filters filters =
        new ConvolutionNode.Filters(
            layer.channels(), layer.isDepthwise(), layer.hasBias(), layer.isTrained(), true);
    return convolution(filters, layer.window(), layer.activation());
  }

  private Node convolution(ConvolutionNode.Filters filters, Kernel kernel, Activation activation) {
    ActivationFunction function = ActivationFunction.of(activation);
    ActivationFunction fused = filters.transposed() ? ActivationFunction.IDENTITY : fused(function);
    Node node = new ConvolutionNode(name, input(), filters, WindowGeometry.of(kernel), fused);
    return fused.equals(function) ? node : new ActivationNode(name, node, function);
  }

  @Override
  public Node dense(Dense layer) {
    ActivationFunction activation = ActivationFunction.of(layer.activation());
    return activated(new DenseNode(name, input(), layer.units(), fused(activation)), activation);
  }

  /**
   * A vertex that a layer computes together with its own: it keeps its result, not the activation's
   * argument.
   */
  private static ActivationFunction fused(ActivationFunction activation) {
    return activation.fromResult() ? activation : ActivationFunction.IDENTITY;
  }

  private static Node activated(Node layer, ActivationFunction activation) {
    return activation.fromResult() ? layer : new ActivationNode(layer.name(), layer, activation);
  }

  @Override
  public Node batchNorm(BatchNorm layer) {
    return new BatchNormNode(name, input(), layer, false);
  }

  /** ReLU is done by the BatchNorm before it, any activation by the sum before it. */
  @Override
  public Node activation(ActivationLayer layer) {
    if (translator.isOnlyReader(vertex)) {
      Vertex before = translator.vertex(vertex.from());
      if (before.layer() instanceof BatchNorm norm && layer.activation() == Activation.RELU) {
        return new BatchNormNode(before.name(), translator.node(before.from()), norm, true);
      }
      ActivationFunction function = ActivationFunction.of(layer.activation());
      if (before.layer() instanceof Sum && function.fromResult()) {
        return new SumNode(name, before.inputs().stream().map(translator::node).toList(), function);
      }
    }
    return new ActivationNode(name, input(), ActivationFunction.of(layer.activation()));
  }

  /** ReLU's derivative is taken by the max pool that alone reads it. */
  @Override
  public Node pool(Pool layer) {
    Node input = input();
    boolean isMax = layer.type() == PoolingType.MAX;
    PoolNode pool = new PoolNode(name, input, isMax, WindowGeometry.of(name, layer));
    if (isMax
        && translator.isOnlyReader(vertex)
        && input instanceof ConvolutionNode convolution
        && convolution.activation().equals(ActivationFunction.RELU)) {
      convolution.setActivationDerivedBehind();
      pool.setActivationBefore(ActivationFunction.RELU);
    }
    return pool;
  }

  /** The node of a pool of the same windows that reads the same map. */
  @Override
  public Node unpool(Unpool layer) {
    Node values = input();
    Vertex pool = translator.reader(vertex.inputs().get(1), layer.pool());
    if (pool == null) {
      throw UnsupportedLayer.of(name, "an unpooling without its max pool");
    }
    return new UnpoolNode(name, values, (PoolNode) translator.node(pool.name()));
  }

  @Override
  public Node crop(Crop layer) {
    LayerShape.FeatureMap map = vertex.inputShapes().get(0).asMap();
    LayerShape.FeatureMap size = vertex.inputShapes().get(1).asMap();
    return new CropNode(name, input(), layer.top(map, size), layer.left(map, size), size());
  }

  /** oneDNN's nearest pixel is another one where a side does not grow by a whole factor. */
  @Override
  public Node resize(Resampling layer) {
    LayerShape.FeatureMap map = vertex.inputShapes().get(0).asMap();
    long[] size = size();
    boolean whole = size[0] % map.height() == 0 && size[1] % map.width() == 0;
    return switch (layer.interpolation()) {
      case BILINEAR -> new ResizeNode(name, input(), true, size);
      case BILINEAR_ALIGNED -> new SeparableNode(name, input(), layer, size);
      case NEAREST ->
          whole
              ? new ResizeNode(name, input(), false, size)
              : new SeparableNode(name, input(), layer, size);
    };
  }

  @Override
  public Node adaptiveAverage(AdaptiveAverage layer) {
    LayerShape.FeatureMap map = vertex.inputShapes().get(0).asMap();
    int bins = layer.bins();
    return map.height() % bins == 0 && map.width() % bins == 0
        ? new PoolNode(
            name, input(), false, WindowGeometry.tiles(map.height() / bins, map.width() / bins))
        : new SeparableNode(name, input(), layer, size());
  }

  /** Height and width of the vertex. */
  private long[] size() {
    LayerShape.FeatureMap map = vertex.shape().asMap();
    return new long[] {map.height(), map.width()};
  }

  @Override
  public Node globalAverage(GlobalAveragePool layer) {
    return new PoolNode(name, input(), false, null);
  }

  @Override
  public Node dropout(Dropout layer) {
    return new DropoutNode(name, input(), 1 - layer.probability());
  }

  @Override
  public Node stochasticDepth(StochasticDepth layer) {
    return new StochasticDepthNode(name, input(), layer.survival());
  }

  @Override
  public Node zeroPadding(ZeroPadding layer) {
    long[] sides = {layer.top(), layer.bottom(), layer.left(), layer.right()};
    return new PaddingNode(name, input(), sides);
  }

  @Override
  public Node sum(Sum layer) {
    return new SumNode(name, inputs(), ActivationFunction.IDENTITY);
  }

  @Override
  public Node concatenation(Concatenation layer) {
    return new ConcatenationNode(name, inputs());
  }

  @Override
  public Node scale(Scale layer) {
    return new ScaleNode(name, input(), layer.factor());
  }

  @Override
  public Node channelRange(ChannelRange layer) {
    return new ChannelRangeNode(name, input(), layer.first(), layer.channels());
  }

  @Override
  public Node channelScale(ChannelScale layer) {
    List<Node> inputs = inputs();
    return new ChannelScaleNode(name, inputs.get(0), inputs.get(1));
  }

  @Override
  public Node responseNorm(LocalResponseNorm layer) {
    return new LocalResponseNormNode(name, input(), layer);
  }

  @Override
  public Node denseHead(DenseHead layer) {
    Node logits = DenseNode.head(name, input(), layer.classes());
    return new LossNode(name, logits, layer.loss());
  }

  @Override
  public Node pixelHead(PixelHead layer) {
    return new PixelLossNode(name, input(), layer.loss());
  }

  @Override
  public Node softmaxHead(SoftmaxHead layer) {
    return new LossNode(name, input(), layer.loss());
  }
}
