// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.graph;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bellows.models.layer.Activation;
import org.bellows.models.layer.ActivationLayer;
import org.bellows.models.layer.BatchNorm;
import org.bellows.models.layer.ChannelRange;
import org.bellows.models.layer.Concatenation;
import org.bellows.models.layer.Convolution;
import org.bellows.models.layer.Dense;
import org.bellows.models.layer.Dropout;
import org.bellows.models.layer.GlobalAveragePool;
import org.bellows.models.layer.InitialWeights;
import org.bellows.models.layer.Kernel;
import org.bellows.models.layer.Layer;
import org.bellows.models.layer.LayerShape;
import org.bellows.models.layer.LocalResponseNorm;
import org.bellows.models.layer.Pool;
import org.bellows.models.layer.PoolingType;
import org.bellows.models.layer.Sum;
import org.bellows.models.layer.ZeroPadding;

/**
 * Writes a graph down layer by layer. Each method adds vertices and returns the name of the last,
 * so that the next can start from it; the order of the calls is the order of the parameters and of
 * the random numbers that initialise them.
 *
 * <p>Methods with a window throw IllegalArgumentException where it is larger than the padded map.
 *
 * <p>Maps are [n, channels, height, width]. A dense layer after a map sees it flattened to [n,
 * channels * height * width], channels outermost.
 */
public final class NetworkBuilder {
  private final InputShape input;
  private final LayerDefaults defaults;
  private final Map<String, NetworkGraph.Placed> layers = new LinkedHashMap<>();
  private final Map<String, LayerShape> shapes = new LinkedHashMap<>();

  /** Starts from the vertex {@link Heads#INPUT}. */
  public NetworkBuilder(InputShape input, LayerDefaults defaults) {
    this.input = input;
    this.defaults = defaults;
    shapes.put(Heads.INPUT, input.map());
  }

  /** Channels, height and width of a vertex that holds a map. */
  public LayerShape.FeatureMap map(String vertex) {
    return shapes.get(vertex).asMap();
  }

  public int channels(String vertex) {
    return map(vertex).channels();
  }

  /** Convolution with bias and the network's activation. */
  public String convolution(String name, String from, Kernel kernel, int maps) {
    return convolution(name, from, kernel, maps, defaults);
  }

  /** As above, but with an activation, weights and bias of its own. */
  public String convolution(String name, String from, Kernel kernel, int maps, LayerDefaults own) {
    InitialWeights weights = weights(from, kernel, maps, own);
    return windowed(
        name,
        new Convolution(maps, kernel, 1, true, own.activation(), weights, own.bias()),
        from,
        kernel);
  }

  /**
   * Convolution in two groups (Krizhevsky et al. 2012, section 3.2: layers that see only the maps
   * of their own GPU): group i of the output sees group i of the input.
   */
  public String groupedConvolution(
      String name, String from, Kernel kernel, int maps, LayerDefaults own) {
    int groups = 2;
    int share = channels(from) / groups;
    String[] parts = new String[groups];
    for (int i = 0; i < groups; i++) {
      String half = name + "-group" + (i + 1);
      layer(half + "-input", new ChannelRange(i * share, share), from);
      parts[i] = convolution(half, half + "-input", kernel, maps / groups, own);
    }
    return merge(name, parts);
  }

  /**
   * Convolution without bias, BatchNorm ("name-norm") and the network's activation ("name-act").
   */
  public String convolutionNormActivation(String name, String from, Kernel kernel, int maps) {
    return activation(name + "-act", convolutionNorm(name, from, kernel, maps));
  }

  /** As above, but with weights of its own. */
  public String convolutionNormActivation(
      String name, String from, Kernel kernel, int maps, LayerDefaults own) {
    return activation(name + "-act", convolutionNorm(name, from, kernel, maps, 1, own));
  }

  /** Convolution without bias and BatchNorm, "name-norm". */
  public String convolutionNorm(String name, String from, Kernel kernel, int maps) {
    return convolutionNorm(name, from, kernel, maps, 1);
  }

  /**
   * @param gamma where BatchNorm's scale starts
   */
  public String convolutionNorm(String name, String from, Kernel kernel, int maps, double gamma) {
    return convolutionNorm(name, from, kernel, maps, gamma, defaults);
  }

  private String convolutionNorm(
      String name, String from, Kernel kernel, int maps, double gamma, LayerDefaults own) {
    InitialWeights weights = weights(from, kernel, maps, own);
    windowed(name, linear(maps, kernel, 1, weights), from, kernel);
    return norm(name + "-norm", name, gamma);
  }

  /**
   * One filter a channel (Howard et al. 2017, section 3.1), BatchNorm and the network's activation.
   * Weights start as He's, with the fan-in of one filter, which is its fan-out, too.
   */
  public String depthwiseNormActivation(String name, String from, Kernel kernel) {
    InitialWeights weights = InitialWeights.normal(Math.sqrt(2.0 / kernel.area()));
    int channels = channels(from);
    windowed(name, linear(channels, kernel, channels, weights), from, kernel);
    return activation(name + "-act", norm(name + "-norm", name, 1));
  }

  /** Without bias and activation. */
  private static Convolution linear(int maps, Kernel kernel, int groups, InitialWeights weights) {
    return new Convolution(maps, kernel, groups, false, Activation.IDENTITY, weights, 0);
  }

  private InitialWeights weights(String from, Kernel kernel, int maps, LayerDefaults own) {
    long area = kernel.area();
    return own.weights().of(area * channels(from), area * maps);
  }

  public String norm(String name, String from, double gamma) {
    return layer(name, new BatchNorm(defaults.epsilon(), defaults.decay(), gamma), from);
  }

  /** {@link LocalResponseNorm}. */
  public String responseNorm(String name, String from, double k, double alpha) {
    return layer(name, new LocalResponseNorm(k, alpha), from);
  }

  public String activation(String name, String from) {
    return activation(name, from, defaults.activation());
  }

  public String activation(String name, String from, Activation activation) {
    return layer(name, new ActivationLayer(activation), from);
  }

  /** Max pool; a window that would stick out is left away. */
  public String maxPool(String name, String from, Kernel kernel) {
    return pool(name, from, PoolingType.MAX, kernel);
  }

  /** Pool; padding counts neither as a value nor in the divisor of an average. */
  public String pool(String name, String from, PoolingType type, Kernel kernel) {
    return windowed(name, new Pool(type, kernel, false), from, kernel);
  }

  /**
   * Pool 3x3 /2 whose last window may stick out at the right and bottom, so that a side of s
   * becomes floor(s / 2): what Caffe does and what its networks' tables need. Only for maps that
   * are nowhere negative, such as those after a ReLU: padding is 0.
   */
  public String poolRoundingUp(String name, String from, PoolingType type) {
    Kernel kernel = Kernel.of(3).stride(2);
    LayerShape.FeatureMap map = map(from);
    int bottom = map.height() % 2 == 0 ? 1 : 0;
    int right = map.width() % 2 == 0 ? 1 : 0;
    if (bottom + right == 2) {
      // One pixel of padding in all, at the right and bottom: nothing is copied.
      return layer(name, new Pool(type, kernel, true), from);
    }
    String padded = from;
    if (bottom + right > 0) {
      padded = layer(name + "-padding", new ZeroPadding(0, bottom, 0, right), from);
    }
    return pool(name, padded, type, kernel);
  }

  /** Mean over the map: [n, channels, height, width] to [n, channels]. */
  public String globalAverage(String name, String from) {
    return layer(name, new GlobalAveragePool(), from);
  }

  /** Dense layer with the network's activation. */
  public String dense(String name, String from, int units) {
    return dense(name, from, units, defaults);
  }

  /** As above, but with an activation, weights and bias of its own. */
  public String dense(String name, String from, int units, LayerDefaults own) {
    InitialWeights weights = own.weights().of(elements(from), units);
    return layer(name, new Dense(units, own.activation(), weights, own.bias()), from);
  }

  /**
   * @param probability of being dropped
   */
  public String dropout(String name, String from, double probability) {
    return layer(name, new Dropout(probability), from);
  }

  public String add(String name, String... from) {
    return layer(name, new Sum(), from);
  }

  /** Puts the channels of the maps one after the other. */
  public String merge(String name, String... from) {
    return layer(name, new Concatenation(), from);
  }

  private String windowed(String name, Layer layer, String from, Kernel kernel) {
    LayerShape.FeatureMap map = map(from);
    if (!kernel.fits(map)) {
      throw new IllegalArgumentException(
          "the image is too small: %s needs %d x %d pixels, %s has %d x %d"
              .formatted(
                  name,
                  kernel.reachHeight() - 2 * kernel.padHeight(),
                  kernel.reachWidth() - 2 * kernel.padWidth(),
                  from,
                  map.height(),
                  map.width()));
    }
    return layer(name, layer, from);
  }

  /** Any layer. */
  public String layer(String name, Layer layer, String... from) {
    shapes.put(name, layer.output(List.of(from).stream().map(shapes::get).toList()));
    if (layers.put(name, new NetworkGraph.Placed(layer, List.of(from))) != null) {
      throw new IllegalArgumentException("two layers are named " + name);
    }
    return name;
  }

  LayerDefaults style() {
    return defaults;
  }

  /**
   * The layer of a vertex and what it reads.
   *
   * @return null where no vertex has the name
   */
  NetworkGraph.Placed placed(String vertex) {
    return layers.get(vertex);
  }

  /** Elements of one image's array at a vertex. */
  long elements(String vertex) {
    return shapes.get(vertex).elements();
  }

  /**
   * @param heads the network's answer first, auxiliary heads after it
   */
  public NetworkGraph build(List<String> heads) {
    return new NetworkGraph(Heads.INPUT, input, layers, heads);
  }

  public NetworkGraph build(String head) {
    return build(List.of(head));
  }
}
