package org.bellows.models.graph;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InputType.InputTypeConvolutional;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.NoOp;

/**
 * Writes a graph down layer by layer. Each method adds vertices and returns the name of the last,
 * so that the next can start from it; the order of the calls is the order of the parameters and of
 * the random numbers that initialise them.
 *
 * <p>Methods with a window throw IllegalArgumentException where it is larger than the padded map.
 *
 * <p>Maps are [n, channels, height, width]. A dense layer behind a map sees it flattened to [n,
 * channels * height * width], channels outermost.
 */
public final class GraphSketch {
  private final GraphBuilder graph;
  private final Style style;
  private final Map<String, InputType> shapes = new HashMap<>();

  /** Starts from the vertex {@link Heads#INPUT}. */
  public GraphSketch(InputShape input, long seed, Style style) {
    InputType image = InputType.convolutional(input.height(), input.width(), input.channels());
    this.graph =
        new NeuralNetConfiguration.Builder()
            .seed(seed)
            .updater(new NoOp())
            .activation(Activation.IDENTITY)
            .graphBuilder()
            .addInputs(Heads.INPUT)
            .setInputTypes(image);
    this.style = style;
    shapes.put(Heads.INPUT, image);
  }

  /** Channels, height and width of a vertex that holds a map. */
  public InputTypeConvolutional map(String vertex) {
    return (InputTypeConvolutional) shapes.get(vertex);
  }

  public int channels(String vertex) {
    return Math.toIntExact(map(vertex).getChannels());
  }

  /** Convolution with bias and the network's activation. */
  public String convolution(String name, String from, Window window, int maps) {
    return convolution(name, from, window, maps, style);
  }

  /** As above, but with an activation, weights and bias of its own. */
  public String convolution(String name, String from, Window window, int maps, Style own) {
    ConvolutionLayer.Builder builder =
        convolution(window, maps).activation(own.activation()).biasInit(own.bias());
    return windowed(name, weighted(builder, from, window, maps, own).build(), from, window);
  }

  /**
   * Convolution in two groups (Krizhevsky et al. 2012, section 3.2: layers that see only the maps
   * of their own GPU): group i of the output sees group i of the input.
   */
  public String groupedConvolution(String name, String from, Window window, int maps, Style own) {
    int groups = 2;
    int share = channels(from) / groups;
    String[] parts = new String[groups];
    for (int i = 0; i < groups; i++) {
      String half = name + "-group" + (i + 1);
      vertex(half + "-input", new ChannelRange(i * share, share), from);
      parts[i] = convolution(half, half + "-input", window, maps / groups, own);
    }
    return merge(name, parts);
  }

  /**
   * Convolution without bias, BatchNorm ("name-norm") and the network's activation ("name-act").
   */
  public String convolutionNormActivation(String name, String from, Window window, int maps) {
    return activation(name + "-act", convolutionNorm(name, from, window, maps));
  }

  /** As above, but with weights of its own. */
  public String convolutionNormActivation(
      String name, String from, Window window, int maps, Style own) {
    return activation(name + "-act", convolutionNorm(name, from, window, maps, 1, own));
  }

  /** Convolution without bias and BatchNorm, "name-norm". */
  public String convolutionNorm(String name, String from, Window window, int maps) {
    return convolutionNorm(name, from, window, maps, 1);
  }

  /**
   * @param gamma where BatchNorm's scale starts
   */
  public String convolutionNorm(String name, String from, Window window, int maps, double gamma) {
    return convolutionNorm(name, from, window, maps, gamma, style);
  }

  private String convolutionNorm(
      String name, String from, Window window, int maps, double gamma, Style own) {
    ConvolutionLayer.Builder builder = convolution(window, maps).hasBias(false);
    windowed(name, weighted(builder, from, window, maps, own).build(), from, window);
    return norm(name + "-norm", name, gamma);
  }

  /**
   * One filter a channel (Howard et al. 2017, section 3.1), BatchNorm and the network's activation.
   * Weights start as He's, with the fan-in of one filter, which is its fan-out, too; DL4J would
   * take the channels for inputs of each filter.
   */
  public String depthwiseNormActivation(String name, String from, Window window) {
    double deviation = Math.sqrt(2.0 / window.area());
    windowed(
        name,
        new DepthwiseConvolution2D.Builder(window.kernel())
            .depthMultiplier(1)
            .nIn(channels(from))
            .nOut(channels(from))
            .stride(window.strides())
            .padding(window.paddings())
            .hasBias(false)
            .weightInit(Weights.gaussian(deviation).of(0, 0))
            .build(),
        from,
        window);
    return activation(name + "-act", norm(name + "-norm", name, 1));
  }

  private static ConvolutionLayer.Builder convolution(Window window, int maps) {
    return new ConvolutionLayer.Builder(window.kernel())
        .nOut(maps)
        .stride(window.strides())
        .padding(window.paddings());
  }

  private ConvolutionLayer.Builder weighted(
      ConvolutionLayer.Builder builder, String from, Window window, int maps, Style own) {
    return builder.weightInit(
        own.weights().of(window.area() * channels(from), window.area() * maps));
  }

  public String norm(String name, String from, double gamma) {
    return layer(name, style.batchNorm(gamma), from);
  }

  /**
   * Local response normalisation over five neighbouring channels, as Krizhevsky et al. 2012,
   * section 3.3, write it: a_i / (k + alpha * sum of a_j^2)^0.75. Others divide alpha by the number
   * of channels first; their alpha is five times this one.
   */
  public String responseNorm(String name, String from, double k, double alpha) {
    return vertex(name, new LocalResponseNorm(k, alpha), from);
  }

  public String activation(String name, String from) {
    return activation(name, from, style.activation());
  }

  public String activation(String name, String from, Activation activation) {
    return layer(name, new ActivationLayer(activation), from);
  }

  /** Max pool; a window that would stick out is left away. */
  public String maxPool(String name, String from, Window window) {
    return pool(name, from, PoolingType.MAX, window);
  }

  /** Pool; padding counts neither as a value nor in the divisor of an average. */
  public String pool(String name, String from, PoolingType type, Window window) {
    return windowed(name, sized(new SubsamplingLayer.Builder(type), window).build(), from, window);
  }

  private static SubsamplingLayer.Builder sized(SubsamplingLayer.Builder pool, Window window) {
    return pool.kernelSize(window.kernel()).stride(window.strides()).padding(window.paddings());
  }

  /**
   * Pool 3x3 /2 whose last window may stick out at the right and bottom, so that a side of s
   * becomes floor(s / 2): what Caffe does and what its networks' tables need. Only for maps that
   * are nowhere negative, such as those behind a ReLU: padding is 0.
   */
  public String poolRoundingUp(String name, String from, PoolingType type) {
    Window window = Window.of(3).stride(2);
    InputTypeConvolutional map = map(from);
    boolean evenHeight = map.getHeight() % 2 == 0;
    boolean evenWidth = map.getWidth() % 2 == 0;
    if (evenHeight && evenWidth) {
      // One pixel of padding in all, at the right and bottom: nothing is copied.
      SubsamplingLayer.Builder pool = new SubsamplingLayer.Builder(type);
      return layer(name, sized(pool, window).convolutionMode(ConvolutionMode.Same).build(), from);
    }
    String padded = from;
    if (evenHeight || evenWidth) {
      int[] padding = {0, evenHeight ? 1 : 0, 0, evenWidth ? 1 : 0};
      padded = layer(name + "-padding", new ZeroPaddingLayer.Builder(padding).build(), from);
    }
    return pool(name, padded, type, window);
  }

  /** Mean over the map: [n, channels, height, width] to [n, channels]. */
  public String globalAverage(String name, String from) {
    return layer(name, new GlobalPoolingLayer(PoolingType.AVG), from);
  }

  /** Dense layer with the network's activation. */
  public String dense(String name, String from, int units) {
    return dense(name, from, units, style);
  }

  /** As above, but with an activation, weights and bias of its own. */
  public String dense(String name, String from, int units, Style own) {
    return layer(
        name,
        new DenseLayer.Builder()
            .nOut(units)
            .activation(own.activation())
            .weightInit(own.weights().of(elements(from), units))
            .biasInit(own.bias())
            .build(),
        from);
  }

  /**
   * Sets each input to 0 and the others to input / (1 - probability), in training only.
   *
   * @param probability of being dropped
   */
  public String dropout(String name, String from, double probability) {
    return layer(name, new DropoutLayer(1 - probability), from);
  }

  public String add(String name, String... from) {
    return vertex(name, new ElementWiseVertex(ElementWiseVertex.Op.Add), from);
  }

  /** Puts the channels of the maps one behind the other. */
  public String merge(String name, String... from) {
    return vertex(name, new MergeVertex(), from);
  }

  /** DL4J reckons a window that does not fit as an output of one pixel, or none. */
  private String windowed(String name, Layer layer, String from, Window window) {
    InputTypeConvolutional map = map(from);
    if (!window.fits(map.getHeight(), map.getWidth())) {
      throw new IllegalArgumentException(
          "the image is too small: %s needs %d x %d pixels, %s has %d x %d"
              .formatted(
                  name,
                  window.height() - 2 * window.padHeight(),
                  window.width() - 2 * window.padWidth(),
                  from,
                  map.getHeight(),
                  map.getWidth()));
    }
    return layer(name, layer, from);
  }

  /** Any layer of DL4J's. */
  public String layer(String name, Layer layer, String from) {
    graph.addLayer(name, layer, from);
    // DL4J itself puts a flattening step before these when the graph is built.
    boolean flat = layer instanceof DenseLayer || layer instanceof BaseOutputLayer;
    InputType seen = flat ? InputType.feedForward(elements(from)) : shapes.get(from);
    shapes.put(name, layer.getOutputType(0, seen));
    return name;
  }

  /** Any vertex. */
  public String vertex(String name, GraphVertex vertex, String... from) {
    graph.addVertex(name, vertex, from);
    InputType[] inputs = Stream.of(from).map(shapes::get).toArray(InputType[]::new);
    shapes.put(name, vertex.getOutputType(0, inputs));
    return name;
  }

  /** Elements of one image's array at a vertex. */
  long elements(String vertex) {
    return shapes.get(vertex).arrayElementsPerExample();
  }

  /**
   * @param heads the network's answer first, auxiliary heads after it
   */
  public ComputationGraphConfiguration build(List<String> heads) {
    return graph.setOutputs(heads.toArray(String[]::new)).build();
  }

  public ComputationGraphConfiguration build(String head) {
    return build(List.of(head));
  }
}
