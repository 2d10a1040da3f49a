// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.model.onnx;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
import org.bellows.models.layer.Layer;
import org.bellows.models.layer.LayerShape;
import org.bellows.models.layer.LocalResponseNorm;
import org.bellows.models.layer.ParameterArray;
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
import org.bellows.models.loss.HeadLoss;

/** Adds one layer to an ONNX graph, for inference; each answers with the name of its output. */
final class OnnxLayers implements Layer.Visitor<String> {
  private static final long CHANNELS_AXIS = 1;

  private final OnnxGraph onnx;
  private final Parameters parameters;
  private final Vertex vertex;
  private final String name;
  private final List<String> from;
  private final Vertex norm;

  /**
   * @param from names of the outputs that the vertex reads
   * @param norm the BatchNorm to fold into a convolution; null: none
   */
  OnnxLayers(OnnxGraph onnx, Parameters parameters, Vertex vertex, List<String> from, Vertex norm) {
    this.onnx = onnx;
    this.parameters = parameters;
    this.vertex = vertex;
    this.name = vertex.name();
    this.from = from;
    this.norm = norm;
  }

  @Override
  public String convolution(Convolution layer) {
    float[] weights = parameters.values(name, ParameterArray.WEIGHTS);
    float[] bias = layer.hasBias() ? parameters.values(name, ParameterArray.BIASES) : null;
    if (norm != null) {
      BatchNorm batchNorm = (BatchNorm) norm.layer();
      bias = FoldedBatchNorm.of(parameters, norm.name(), batchNorm).foldInPlace(weights, bias);
    }
    Map<String, Object> attributes = OnnxWindows.window(layer.window());
    attributes.put("dilations", OnnxWindows.dilations(layer.window()));
    attributes.put("group", (long) layer.groups());
    attributes.put("pads", OnnxWindows.pads(layer.window()));
    String kernel =
        onnx.constant(name + ".weight", parameters.shape(name, ParameterArray.WEIGHTS), weights);
    List<String> inputs =
        bias == null
            ? List.of(from.get(0), kernel)
            : List.of(from.get(0), kernel, vector(name + ".bias", bias));
    String linear = linear(layer.activation());
    onnx.node("Conv", linear, attributes, inputs);
    return activate(layer.activation(), linear);
  }

  /** ONNX's weights are [in, out / groups, height, width], as ours. */
  @Override
  public String transposedConvolution(TransposedConvolution layer) {
    Map<String, Object> attributes = OnnxWindows.window(layer.window());
    attributes.put("dilations", OnnxWindows.dilations(layer.window()));
    attributes.put("group", (long) layer.groups());
    attributes.put("pads", OnnxWindows.pads(layer.window()));
    List<String> inputs =
        new ArrayList<>(List.of(from.get(0), array(ParameterArray.WEIGHTS, "weight")));
    if (layer.hasBias()) {
      inputs.add(array(ParameterArray.BIASES, "bias"));
    }
    String linear = linear(layer.activation());
    onnx.node("ConvTranspose", linear, attributes, inputs);
    return activate(layer.activation(), linear);
  }

  @Override
  public String batchNorm(BatchNorm layer) {
    onnx.node(
        "BatchNormalization",
        name,
        Map.of("epsilon", layer.epsilon()),
        List.of(
            from.get(0),
            array(BatchNorm.GAMMA, "weight"),
            array(BatchNorm.BETA, "bias"),
            array(BatchNorm.MEAN, "running_mean"),
            array(BatchNorm.VARIANCE, "running_var")));
    return name;
  }

  private String array(String array, String onnxName) {
    return onnx.constant(
        name + "." + onnxName, parameters.shape(name, array), parameters.values(name, array));
  }

  private String vector(String constant, float[] values) {
    return onnx.constant(constant, new long[] {values.length}, values);
  }

  /** Padding does not count in the divisor of an average: ONNX's default, too. */
  @Override
  public String pool(Pool layer) {
    String operator =
        switch (layer.type()) {
          case MAX -> "MaxPool";
          case AVG -> "AveragePool";
        };
    onnx.node(operator, name, OnnxWindows.pooling(layer), from);
    return name;
  }

  @Override
  public String crop(Crop layer) {
    return new OnnxResizing(onnx, vertex, from).crop(layer);
  }

  @Override
  public String resize(Resampling layer) {
    return new OnnxResizing(onnx, vertex, from).resize(layer);
  }

  @Override
  public String adaptiveAverage(AdaptiveAverage layer) {
    return new OnnxResizing(onnx, vertex, from).adaptiveAverage(layer);
  }

  @Override
  public String unpool(Unpool layer) {
    return new OnnxResizing(onnx, vertex, from).unpool(layer);
  }

  @Override
  public String globalAverage(GlobalAveragePool layer) {
    onnx.node("GlobalAveragePool", name + "/map", from.get(0));
    onnx.node("Flatten", name, name + "/map");
    return name;
  }

  @Override
  public String zeroPadding(ZeroPadding layer) {
    String pads =
        onnx.integers(
            name + "/pads", 0, 0, layer.top(), layer.left(), 0, 0, layer.bottom(), layer.right());
    onnx.node("Pad", name, from.get(0), pads);
    return name;
  }

  @Override
  public String activation(ActivationLayer layer) {
    return activate(layer.activation(), from.get(0));
  }

  @Override
  public String dropout(Dropout layer) {
    return from.get(0);
  }

  @Override
  public String stochasticDepth(StochasticDepth layer) {
    return from.get(0);
  }

  @Override
  public String dense(Dense layer) {
    return activate(layer.activation(), gemm(linear(layer.activation())));
  }

  @Override
  public String denseHead(DenseHead layer) {
    return answer(layer.loss(), gemm(OnnxExport.LOGITS));
  }

  @Override
  public String pixelHead(PixelHead layer) {
    onnx.node("Identity", OnnxExport.LOGITS, from.get(0));
    return softmax(OnnxExport.LOGITS);
  }

  @Override
  public String softmaxHead(SoftmaxHead layer) {
    onnx.node("Identity", OnnxExport.LOGITS, flat());
    return answer(layer.loss(), OnnxExport.LOGITS);
  }

  private String answer(HeadLoss loss, String logits) {
    if (!loss.isMultiLabel()) {
      return softmax(logits);
    }
    onnx.node("Sigmoid", OnnxExport.PROBABILITIES, logits);
    return OnnxExport.PROBABILITIES;
  }

  private String softmax(String logits) {
    onnx.node("Softmax", OnnxExport.PROBABILITIES, Map.of("axis", CHANNELS_AXIS), List.of(logits));
    return OnnxExport.PROBABILITIES;
  }

  /** [n, in] times [in, out] plus the bias. */
  private String gemm(String output) {
    String input = flat();
    long[] outIn = parameters.shape(name, ParameterArray.WEIGHTS);
    float[] weights = parameters.values(name, ParameterArray.WEIGHTS);
    onnx.node(
        "Gemm",
        output,
        input,
        onnx.constant(
            name + ".weight",
            new long[] {outIn[1], outIn[0]},
            OnnxResizing.transposed(weights, (int) outIn[0])),
        array(ParameterArray.BIASES, "bias"));
    return output;
  }

  /** The input as [n, values]. */
  private String flat() {
    if (vertex.inputShapes().get(0) instanceof LayerShape.FeatureVector) {
      return from.get(0);
    }
    onnx.node("Flatten", name + "/flat", from.get(0));
    return name + "/flat";
  }

  @Override
  public String sum(Sum layer) {
    onnx.node("Sum", name, Map.of(), from);
    return name;
  }

  @Override
  public String concatenation(Concatenation layer) {
    onnx.node("Concat", name, Map.of("axis", CHANNELS_AXIS), from);
    return name;
  }

  @Override
  public String scale(Scale layer) {
    onnx.node("Mul", name, from.get(0), onnx.scalar(name + "/factor", layer.factor()));
    return name;
  }

  @Override
  public String channelRange(ChannelRange layer) {
    String first = onnx.integers(name + "/first", layer.first());
    String end = onnx.integers(name + "/end", layer.first() + layer.channels());
    String axis = onnx.integers(name + "/axis", CHANNELS_AXIS);
    onnx.node("Slice", name, from.get(0), first, end, axis);
    return name;
  }

  @Override
  public String channelScale(ChannelScale layer) {
    String map = name + "/scales";
    onnx.node("Unsqueeze", map, from.get(1), onnx.integers(name + "/axes", 2, 3));
    onnx.node("Mul", name, from.get(0), map);
    return name;
  }

  /** ONNX divides alpha by the number of channels, we do not. */
  @Override
  public String responseNorm(LocalResponseNorm layer) {
    Map<String, Object> attributes = new LinkedHashMap<>();
    attributes.put("size", (long) LocalResponseNorm.CHANNELS);
    attributes.put("alpha", layer.alpha() * LocalResponseNorm.CHANNELS);
    attributes.put("beta", LocalResponseNorm.BETA);
    attributes.put("bias", layer.k());
    onnx.node("LRN", name, attributes, from);
    return name;
  }

  /** The name of what the layer computes before its activation. */
  private String linear(Activation activation) {
    return activation == Activation.IDENTITY ? name : name + "/linear";
  }

  private String activate(Activation activation, String linear) {
    switch (activation) {
      case IDENTITY -> {
        return linear;
      }
      case RELU -> onnx.node("Relu", name, linear);
      case RELU6 -> {
        String low = onnx.scalar(name + "/low", 0);
        onnx.node("Clip", name, linear, low, onnx.scalar(name + "/high", 6));
      }
      case SIGMOID -> onnx.node("Sigmoid", name, linear);
      case TANH -> onnx.node("Tanh", name, linear);
      case SWISH -> {
        onnx.node("Sigmoid", name + "/gate", linear);
        onnx.node("Mul", name, linear, name + "/gate");
      }
    }
    return name;
  }
}
