package org.bellows.worker.model.onnx;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bellows.models.graph.NetworkGraph.Vertex;
import org.bellows.models.layer.Activation;
import org.bellows.models.layer.ActivationLayer;
import org.bellows.models.layer.BatchNorm;
import org.bellows.models.layer.ChannelRange;
import org.bellows.models.layer.ChannelScale;
import org.bellows.models.layer.Concatenation;
import org.bellows.models.layer.Convolution;
import org.bellows.models.layer.Dense;
import org.bellows.models.layer.DenseHead;
import org.bellows.models.layer.Dropout;
import org.bellows.models.layer.GlobalAverage;
import org.bellows.models.layer.Layer;
import org.bellows.models.layer.LayerShape;
import org.bellows.models.layer.ParameterArray;
import org.bellows.models.layer.Pool;
import org.bellows.models.layer.ResponseNorm;
import org.bellows.models.layer.Scale;
import org.bellows.models.layer.SoftmaxHead;
import org.bellows.models.layer.StochasticDepth;
import org.bellows.models.layer.Sum;
import org.bellows.models.layer.Window;
import org.bellows.models.layer.ZeroPadding;

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
      bias = FoldedNorm.of(parameters, norm.name(), batchNorm).foldInPlace(weights, bias);
    }
    Map<String, Object> attributes = window(layer.window());
    attributes.put("dilations", new long[] {layer.window().dilation(), layer.window().dilation()});
    attributes.put("group", (long) layer.groups());
    attributes.put("pads", pads(layer.window()));
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

  private static Map<String, Object> window(Window window) {
    Map<String, Object> attributes = new LinkedHashMap<>();
    attributes.put("kernel_shape", new long[] {window.height(), window.width()});
    attributes.put("strides", new long[] {window.stride(), window.stride()});
    return attributes;
  }

  private static long[] pads(Window window) {
    long height = window.padHeight();
    long width = window.padWidth();
    return new long[] {height, width, height, width};
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
    return vector(name + "." + onnxName, parameters.values(name, array));
  }

  private String vector(String constant, float[] values) {
    return onnx.constant(constant, new long[] {values.length}, values);
  }

  /** Padding does not count in the divisor of an average: ONNX's default, too. */
  @Override
  public String pool(Pool layer) {
    Map<String, Object> attributes = window(layer.window());
    if (layer.roundsUp()) {
      attributes.put("auto_pad", "SAME_UPPER");
    } else {
      attributes.put("pads", pads(layer.window()));
    }
    String operator =
        switch (layer.type()) {
          case MAX -> "MaxPool";
          case AVG -> "AveragePool";
        };
    onnx.node(operator, name, attributes, from);
    return name;
  }

  @Override
  public String globalAverage(GlobalAverage layer) {
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
    return softmax(gemm(OnnxExport.LOGITS));
  }

  @Override
  public String softmaxHead(SoftmaxHead layer) {
    onnx.node("Identity", OnnxExport.LOGITS, flat());
    return softmax(OnnxExport.LOGITS);
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
            transposed(weights, (int) outIn[0], (int) outIn[1])),
        array(ParameterArray.BIASES, "bias"));
    return output;
  }

  /** [rows, columns] -> [columns, rows]. */
  private static float[] transposed(float[] values, int rows, int columns) {
    float[] transposed = new float[values.length];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        transposed[column * rows + row] = values[row * columns + column];
      }
    }
    return transposed;
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
  public String responseNorm(ResponseNorm layer) {
    Map<String, Object> attributes = new LinkedHashMap<>();
    attributes.put("size", (long) ResponseNorm.CHANNELS);
    attributes.put("alpha", layer.alpha() * ResponseNorm.CHANNELS);
    attributes.put("beta", ResponseNorm.BETA);
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
