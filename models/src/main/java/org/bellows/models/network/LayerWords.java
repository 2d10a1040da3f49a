package org.bellows.models.network;

import java.util.Locale;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;

/** Says what a vertex is, in a few words for a person. */
final class LayerWords {
  private LayerWords() {}

  static String of(GraphVertex vertex) {
    if (vertex instanceof LayerVertex layer) {
      return of(layer.getLayerConf().getLayer());
    }
    if (vertex instanceof ElementWiseVertex element) {
      return element.getOp().name().toLowerCase(Locale.ROOT);
    }
    if (vertex instanceof MergeVertex) {
      return "concatenation";
    }
    return words(vertex.getClass().getSimpleName().replace("Vertex", ""));
  }

  private static String of(Layer layer) {
    if (layer instanceof DepthwiseConvolution2D convolution) {
      return "depthwise " + window(convolution.getKernelSize(), convolution.getStride());
    }
    if (layer instanceof ConvolutionLayer convolution) {
      return "convolution "
          + window(convolution.getKernelSize(), convolution.getStride())
          + activation(convolution);
    }
    if (layer instanceof SubsamplingLayer pool) {
      return pool.getPoolingType().name().toLowerCase(Locale.ROOT)
          + " pool "
          + window(pool.getKernelSize(), pool.getStride());
    }
    if (layer instanceof DropoutLayer drop && drop.getIDropout() instanceof Dropout dropout) {
      return "dropout " + Math.round(100 * (1 - dropout.getP())) + " %";
    }
    if (layer instanceof DenseLayer dense) {
      return "dense" + activation(dense);
    }
    if (layer instanceof ActivationLayer activation) {
      return activation.getActivationFn().toString().toLowerCase(Locale.ROOT);
    }
    return fixed(layer);
  }

  private static String fixed(Layer layer) {
    if (layer instanceof BatchNormalization) {
      return "batch normalisation";
    }
    if (layer instanceof LocalResponseNormalization) {
      return "local response normalisation";
    }
    if (layer instanceof GlobalPoolingLayer) {
      return "global average";
    }
    if (layer instanceof ZeroPaddingLayer) {
      return "zero padding";
    }
    if (layer instanceof OutputLayer) {
      return "dense softmax";
    }
    return layer instanceof LossLayer
        ? "softmax"
        : words(layer.getClass().getSimpleName().replace("Layer", ""));
  }

  private static String activation(BaseLayer layer) {
    String name = layer.getActivationFn().toString().toLowerCase(Locale.ROOT);
    return name.equals("identity") ? "" : " " + name;
  }

  private static String window(int[] kernel, int[] stride) {
    String size = kernel[0] + "x" + kernel[1];
    return stride[0] == 1 ? size : size + " /" + stride[0];
  }

  private static String words(String camelCase) {
    return camelCase.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
  }
}
