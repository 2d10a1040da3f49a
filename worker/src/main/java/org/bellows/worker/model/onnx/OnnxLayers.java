package org.bellows.worker.model.onnx;

import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
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
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU6;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSwish;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What DL4J's layers are in ONNX, in inference. */
final class OnnxLayers {
  private static final long ALL_CHANNELS_AXIS = 1;

  private final ComputationGraph network;
  private final OnnxGraph onnx;

  OnnxLayers(ComputationGraph network, OnnxGraph onnx) {
    this.network = network;
    this.onnx = onnx;
  }

  /**
   * Adds a layer.
   *
   * @param from its input
   * @param norm the BatchNorm to fold into a convolution; null: none
   * @return its output
   * @throws IllegalStateException for a layer that is not known here: each that a network has must
   *     be
   */
  String add(String name, Layer layer, String from, String norm) {
    if (layer instanceof ConvolutionLayer convolution) {
      return convolution(name, convolution, from, norm);
    }
    if (layer instanceof BatchNormalization batchNorm) {
      return norm(name, batchNorm, from);
    }
    if (layer instanceof ActivationLayer activation) {
      return activate(name, activation.getActivationFn(), from);
    }
    if (layer instanceof SubsamplingLayer pool) {
      return pool(name, pool, from);
    }
    if (layer instanceof OutputLayer || layer instanceof LossLayer) {
      return head(name, layer, from);
    }
    if (layer instanceof DenseLayer dense) {
      return activated(name, dense, gemm(name, from, linear(name, dense)));
    }
    return shaping(name, layer, from);
  }

  private String shaping(String name, Layer layer, String from) {
    if (layer instanceof DropoutLayer) {
      return from;
    }
    if (layer instanceof ZeroPaddingLayer padding) {
      int[] sides = padding.getPadding();
      String pads =
          onnx.integers(name + "/pads", 0, 0, sides[0], sides[2], 0, 0, sides[1], sides[3]);
      onnx.node("Pad", name, from, pads);
      return name;
    }
    if (layer instanceof GlobalPoolingLayer pool && pool.getPoolingType() == PoolingType.AVG) {
      onnx.node("GlobalAveragePool", name + "/map", from);
      onnx.node("Flatten", name, name + "/map");
      return name;
    }
    throw new IllegalStateException(
        "layer %s is a %s, which has no ONNX form here".formatted(name, layer.getClass()));
  }

  private String convolution(String name, ConvolutionLayer layer, String from, String norm) {
    INDArray weights = network.getParam(name + "_W");
    boolean depthwise = layer instanceof DepthwiseConvolution2D;
    // [height, width, channels, 1] -> [channels, 1, height, width]
    INDArray ordered = depthwise ? weights.permute(2, 3, 0, 1) : weights;
    float[] values = values(ordered);
    float[] bias = layer.hasBias() ? values(network.getParam(name + "_b")) : null;
    if (norm != null) {
      BatchNormalization batchNorm = (BatchNormalization) layer(norm);
      bias = FoldedNorm.of(network, norm, batchNorm).foldInPlace(values, bias);
    }
    Map<String, Object> attributes =
        Map.of(
            "kernel_shape",
            longs(layer.getKernelSize()),
            "strides",
            longs(layer.getStride()),
            "dilations",
            longs(layer.getDilation()),
            "group",
            depthwise ? ordered.size(0) : 1L,
            layer.getConvolutionMode() == ConvolutionMode.Same ? "auto_pad" : "pads",
            padding(layer.getConvolutionMode(), layer.getPadding()));
    String kernel = onnx.constant(name + ".weight", ordered.shape(), values);
    List<String> inputs =
        bias == null
            ? List.of(from, kernel)
            : List.of(from, kernel, onnx.constant(name + ".bias", vector(bias), bias));
    String linear = linear(name, layer);
    onnx.node("Conv", linear, attributes, inputs);
    return activated(name, layer, linear);
  }

  private Layer layer(String name) {
    return network.getLayer(name).conf().getLayer();
  }

  /** The same on both sides, or what "same" leaves over at the right and bottom. */
  private static Object padding(ConvolutionMode mode, int[] padding) {
    return mode == ConvolutionMode.Same
        ? "SAME_UPPER"
        : new long[] {padding[0], padding[1], padding[0], padding[1]};
  }

  private String norm(String name, BatchNormalization layer, String from) {
    onnx.node(
        "BatchNormalization",
        name,
        Map.of("epsilon", layer.getEps()),
        List.of(
            from,
            vector(name, "gamma", "weight"),
            vector(name, "beta", "bias"),
            vector(name, "mean", "running_mean"),
            vector(name, "var", "running_var")));
    return name;
  }

  private String vector(String layer, String parameter, String onnxName) {
    float[] values = values(network.getParam(layer + "_" + parameter));
    return onnx.constant(layer + "." + onnxName, vector(values), values);
  }

  private String pool(String name, SubsamplingLayer layer, String from) {
    boolean same = layer.getConvolutionMode() == ConvolutionMode.Same;
    Map<String, Object> attributes =
        Map.of(
            "kernel_shape",
            longs(layer.getKernelSize()),
            "strides",
            longs(layer.getStride()),
            same ? "auto_pad" : "pads",
            padding(layer.getConvolutionMode(), layer.getPadding()));
    String operator =
        switch (layer.getPoolingType()) {
          case MAX -> "MaxPool";
          // Padding does not count in the divisor: ONNX's default, too.
          case AVG -> "AveragePool";
          default ->
              throw new IllegalStateException(
                  "pool %s is %s, which has no ONNX form here"
                      .formatted(name, layer.getPoolingType()));
        };
    onnx.node(operator, name, attributes, List.of(from));
    return name;
  }

  /** Logits, then softmax. */
  private String head(String name, Layer layer, String from) {
    if (layer instanceof LossLayer) {
      onnx.node("Identity", OnnxExport.LOGITS, from);
    } else {
      gemm(name, from, OnnxExport.LOGITS);
    }
    onnx.node(
        "Softmax",
        OnnxExport.PROBABILITIES,
        Map.of("axis", ALL_CHANNELS_AXIS),
        List.of(OnnxExport.LOGITS));
    return OnnxExport.PROBABILITIES;
  }

  /** [n, in] times [in, out] plus the bias. */
  private String gemm(String name, String from, String output) {
    INDArray weights = network.getParam(name + "_W");
    float[] bias = values(network.getParam(name + "_b"));
    onnx.node(
        "Gemm",
        output,
        from,
        onnx.constant(name + ".weight", weights.shape(), values(weights)),
        onnx.constant(name + ".bias", vector(bias), bias));
    return output;
  }

  /** What the layer computes before its activation. */
  private static String linear(String name, BaseLayer layer) {
    return layer.getActivationFn() instanceof ActivationIdentity ? name : name + "/linear";
  }

  private String activated(String name, BaseLayer layer, String linear) {
    return activate(name, layer.getActivationFn(), linear);
  }

  private String activate(String name, IActivation activation, String from) {
    if (activation instanceof ActivationIdentity) {
      return from;
    }
    if (activation instanceof ActivationReLU) {
      onnx.node("Relu", name, from);
    } else if (activation instanceof ActivationReLU6) {
      String low = onnx.scalar(name + "/low", 0);
      onnx.node("Clip", name, from, low, onnx.scalar(name + "/high", 6));
    } else if (activation instanceof ActivationSigmoid) {
      onnx.node("Sigmoid", name, from);
    } else if (activation instanceof ActivationTanH) {
      onnx.node("Tanh", name, from);
    } else if (activation instanceof ActivationSwish) {
      onnx.node("Sigmoid", name + "/gate", from);
      onnx.node("Mul", name, from, name + "/gate");
    } else {
      throw new IllegalStateException(
          "the activation of %s is %s, which has no ONNX form here".formatted(name, activation));
    }
    return name;
  }

  private static float[] values(INDArray array) {
    return array.dup('c').data().asFloat();
  }

  private static long[] vector(float[] values) {
    return new long[] {values.length};
  }

  private static long[] longs(int[] values) {
    long[] longs = new long[values.length];
    for (int i = 0; i < values.length; i++) {
      longs[i] = values[i];
    }
    return longs;
  }
}
