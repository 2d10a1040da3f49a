package org.bellows.worker.model.onnx;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bellows.conf.BellowsException;
import org.bellows.models.graph.Heads;
import org.bellows.models.graph.InputShape;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.models.zoo.NetworkRegistry;
import org.bellows.worker.files.Json;
import org.bellows.worker.files.Proto;
import org.bellows.worker.model.ModelCard;
import org.bellows.worker.model.TrainedModel;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A model as an ONNX file. Input {@code image}: normalised pixels [n, channels, height, width], n
 * free. Outputs {@code logits} and {@code probabilities}, [n, classes] each. Auxiliary heads and
 * dropout are left out. The model's card stands in the file's metadata.
 */
public final class OnnxExport {
  /** Version of the operators. */
  public static final int OPSET = 13;

  static final String LOGITS = "logits";
  static final String PROBABILITIES = "probabilities";

  /** Of the format; 7 is the first for operators of version 13. */
  private static final int IR_VERSION = 7;

  private final ComputationGraph network;
  private final ComputationGraphConfiguration configuration;
  private final boolean fold;
  private final OnnxGraph onnx = new OnnxGraph();
  private final OnnxLayers layers;
  private final OnnxVertices vertices;
  private final Map<String, String> outputs = new HashMap<>(Map.of(Heads.INPUT, Heads.INPUT));

  private OnnxExport(ComputationGraph network, boolean fold) {
    this.network = network;
    this.configuration = network.getConfiguration();
    this.fold = fold;
    this.layers = new OnnxLayers(network, onnx);
    this.vertices = new OnnxVertices(onnx);
  }

  /**
   * @param fold puts each BatchNorm into the convolution before it
   * @throws BellowsException (configuration) when the model is larger than the format allows
   */
  public static void write(TrainedModel model, boolean fold, OutputStream out) throws IOException {
    ModelCard card = model.card();
    NetworkDefinition definition = NetworkRegistry.standard().get(card.network());
    ComputationGraph network =
        new ComputationGraph(definition.builder().build(card.input(), card.classes().size(), 0));
    network.init();
    network.params().assign(Nd4j.createFromArray(model.parameters()));
    Proto file = new OnnxExport(network, fold).model(card);
    if (file.size() > Integer.MAX_VALUE) {
      throw BellowsException.configuration(
          "the model takes %,d bytes; an ONNX file holds at most %,d"
              .formatted(file.size(), Integer.MAX_VALUE));
    }
    file.write(out);
  }

  /** ModelProto. */
  private Proto model(ModelCard card) {
    Set<String> needed = needed();
    for (int index : network.topologicalSortOrder()) {
      String name = network.getVertices()[index].getVertexName();
      GraphVertex vertex = configuration.getVertices().get(name);
      if (vertex != null && needed.contains(name)) {
        outputs.put(name, add(name, vertex));
      }
    }
    InputShape input = card.input();
    int classes = card.classes().size();
    Proto graph =
        onnx.message(
            card.network(),
            OnnxGraph.value(Heads.INPUT, -1, input.channels(), input.height(), input.width()),
            List.of(
                OnnxGraph.value(LOGITS, -1, classes), OnnxGraph.value(PROBABILITIES, -1, classes)));
    Proto model = new Proto().number(1, IR_VERSION).text(2, "Bellows").message(7, graph);
    model.message(8, new Proto().text(1, "").number(2, OPSET));
    return model.message(14, new Proto().text(1, ModelCard.METADATA_KEY).text(2, Json.line(card)));
  }

  /** What the network's answer depends on. */
  private Set<String> needed() {
    Set<String> seen = new HashSet<>(Set.of(Heads.OUTPUT));
    Deque<String> open = new ArrayDeque<>(seen);
    while (!open.isEmpty()) {
      for (String input : configuration.getVertexInputs().getOrDefault(open.pop(), List.of())) {
        if (seen.add(input)) {
          open.push(input);
        }
      }
    }
    return seen;
  }

  private String add(String name, GraphVertex vertex) {
    List<String> from = new ArrayList<>();
    configuration.getVertexInputs().get(name).forEach(input -> from.add(outputs.get(input)));
    if (!(vertex instanceof LayerVertex holder)) {
      return vertices.add(name, vertex, from);
    }
    String input = from.get(0);
    if (holder.getPreProcessor() instanceof CnnToFeedForwardPreProcessor) {
      onnx.node("Flatten", name + "/flat", input);
      input = name + "/flat";
    } else if (holder.getPreProcessor() != null) {
      throw new IllegalStateException(
          "%s begins with a %s, which has no ONNX form here"
              .formatted(name, holder.getPreProcessor().getClass()));
    }
    Layer layer = holder.getLayerConf().getLayer();
    if (layer instanceof BatchNormalization && isFolded(name)) {
      return input;
    }
    String norm = layer instanceof ConvolutionLayer ? foldedInto(name) : null;
    return layers.add(name, layer, input, norm);
  }

  private boolean isFolded(String norm) {
    return norm.equals(foldedInto(configuration.getVertexInputs().get(norm).get(0)));
  }

  /** The one BatchNorm that alone reads a linear convolution; null: there is none. */
  private String foldedInto(String convolution) {
    if (!fold
        || !(configuration.getVertices().get(convolution) instanceof LayerVertex holder)
        || !(holder.getLayerConf().getLayer() instanceof ConvolutionLayer layer)
        || !(layer.getActivationFn() instanceof ActivationIdentity)) {
      return null;
    }
    List<String> readers = new ArrayList<>();
    configuration
        .getVertexInputs()
        .forEach(
            (name, inputs) -> {
              if (inputs.contains(convolution)) {
                readers.add(name);
              }
            });
    return readers.size() == 1
            && configuration.getVertices().get(readers.get(0)) instanceof LayerVertex reader
            && reader.getLayerConf().getLayer() instanceof BatchNormalization
        ? readers.get(0)
        : null;
  }
}
