package org.bellows.worker.engine.onednn.translate;

import java.util.Arrays;
import org.bellows.models.loss.HeadLoss;
import org.bellows.worker.engine.onednn.node.ActivationNode;
import org.bellows.worker.engine.onednn.node.BatchNormNode;
import org.bellows.worker.engine.onednn.node.ConvolutionNode;
import org.bellows.worker.engine.onednn.node.DenseNode;
import org.bellows.worker.engine.onednn.node.DropoutNode;
import org.bellows.worker.engine.onednn.node.LossNode;
import org.bellows.worker.engine.onednn.node.Node;
import org.bellows.worker.engine.onednn.node.PaddingNode;
import org.bellows.worker.engine.onednn.node.PoolNode;
import org.bellows.worker.engine.onednn.node.Sliding;
import org.bellows.worker.engine.onednn.plan.Function;
import org.bellows.worker.engine.onednn.plan.UnsupportedLayer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;

/** From DL4J's layers to nodes. */
final class LayerNodes {
  private LayerNodes() {}

  /**
   * @throws org.bellows.conf.BellowsException (configuration) for a layer, or a setting of one,
   *     that no node has
   */
  static Node translate(String name, LayerVertex vertex, Node input) {
    Layer layer = vertex.getLayerConf().getLayer();
    refuseOthers(name, layer, vertex.getPreProcessor());
    // DepthwiseConvolution2D and OutputLayer come before what they extend.
    if (layer instanceof DepthwiseConvolution2D depthwise) {
      return depthwise(name, depthwise, input);
    } else if (layer.getClass() == ConvolutionLayer.class) {
      ConvolutionLayer convolution = (ConvolutionLayer) layer;
      ConvolutionNode.Filters filters =
          new ConvolutionNode.Filters(convolution.getNOut(), false, convolution.hasBias());
      return convolution(name, convolution, filters, input);
    } else if (layer instanceof OutputLayer head) {
      Node logits = new DenseNode(name, input, head.getNOut(), Function.IDENTITY);
      return new LossNode(name, logits, HeadLoss.of(head.getLossFn()));
    } else if (layer instanceof LossLayer head) {
      return new LossNode(name, input, HeadLoss.of(head.getLossFn()));
    } else if (layer instanceof DenseLayer dense) {
      Function activation = Function.of(name, dense.getActivationFn());
      Function fused = fused(activation);
      return activated(new DenseNode(name, input, dense.getNOut(), fused), activation);
    } else if (layer instanceof BatchNormalization norm) {
      return norm(name, norm, input, false);
    } else if (layer instanceof GlobalPoolingLayer pool) {
      return new PoolNode(name, input, isMax(name, pool.getPoolingType()), null);
    } else if (layer instanceof DropoutLayer drop && drop.getIDropout() instanceof Dropout kept) {
      return new DropoutNode(name, input, kept.getP());
    } else if (layer instanceof ZeroPaddingLayer padding) {
      return new PaddingNode(
          name, input, Arrays.stream(padding.getPadding()).asLongStream().toArray());
    }
    throw UnsupportedLayer.of(name, layer.getClass().getSimpleName());
  }

  private static void refuseOthers(String name, Layer layer, InputPreProcessor before) {
    if (before != null && !(before instanceof CnnToFeedForwardPreProcessor)) {
      throw UnsupportedLayer.of(name, before.getClass().getSimpleName());
    }
    if (layer.getIDropout() != null && !(layer instanceof DropoutLayer)) {
      throw UnsupportedLayer.of(name, "dropout inside " + layer.getClass().getSimpleName());
    }
    if (layer instanceof DenseLayer dense && !dense.hasBias()) {
      throw UnsupportedLayer.of(name, "DenseLayer without bias");
    }
    if (layer instanceof BaseLayer weighted && weighted.getWeightNoise() != null) {
      throw UnsupportedLayer.of(name, "weight noise");
    }
  }

  private static Node convolution(
      String name, ConvolutionLayer layer, ConvolutionNode.Filters filters, Node input) {
    Sliding sliding =
        Sliding.of(
            name,
            layer.getKernelSize(),
            layer.getStride(),
            layer.getPadding(),
            layer.getDilation(),
            layer.getConvolutionMode());
    Function activation = Function.of(name, layer.getActivationFn());
    Function fused = fused(activation);
    return activated(new ConvolutionNode(name, input, filters, sliding, fused), activation);
  }

  /** What a layer can do on its way: it keeps its result, not the activation's argument. */
  private static Function fused(Function activation) {
    return activation.fromResult() ? activation : Function.IDENTITY;
  }

  private static Node activated(Node layer, Function activation) {
    return activation.fromResult() ? layer : new ActivationNode(layer.name(), layer, activation);
  }

  private static Node depthwise(String name, DepthwiseConvolution2D layer, Node input) {
    if (layer.getDepthMultiplier() != 1) {
      throw UnsupportedLayer.of(name, "depth multiplier " + layer.getDepthMultiplier());
    }
    ConvolutionNode.Filters filters =
        new ConvolutionNode.Filters(layer.getNOut(), true, layer.hasBias());
    return convolution(name, layer, filters, input);
  }

  static Node norm(String name, BatchNormalization layer, Node input, boolean relu) {
    if (layer.isLockGammaBeta()) {
      throw UnsupportedLayer.of(name, "locked gamma and beta");
    }
    return new BatchNormNode(name, input, layer.getEps(), relu);
  }

  static boolean isMax(String name, PoolingType type) {
    return switch (type) {
      case MAX -> true;
      case AVG -> false;
      default -> throw UnsupportedLayer.of(name, "pooling type " + type);
    };
  }

  static Sliding sliding(String name, SubsamplingLayer pool) {
    return Sliding.of(
        name,
        pool.getKernelSize(),
        pool.getStride(),
        pool.getPadding(),
        pool.getDilation(),
        pool.getConvolutionMode());
  }
}
