// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.model.onnx;

import java.io.IOException;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bellows.conf.BellowsException;
import org.bellows.models.graph.Heads;
import org.bellows.models.graph.InputShape;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.layer.Activation;
import org.bellows.models.layer.BatchNorm;
import org.bellows.models.layer.Convolution;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.models.zoo.NetworkRegistry;
import org.bellows.worker.files.Json;
import org.bellows.worker.files.ProtobufMessage;
import org.bellows.worker.model.ModelCard;
import org.bellows.worker.model.TrainedModel;

/**
 * A model as an ONNX file. Input {@code image}: normalised pixels [n, channels, height, width], n
 * free. Outputs {@code logits} and {@code probabilities}, [n, classes] each, or [n, classes,
 * height, width] of a network that says a class of each pixel. Auxiliary heads and dropout are left
 * out. The model's card is in the file's metadata.
 */
public final class OnnxExport {
  /** Version of the operators. */
  public static final int OPSET = 13;

  /** Name of an output. */
  public static final String LOGITS = "logits";

  /** Name of an output. */
  public static final String PROBABILITIES = "probabilities";

  /** Version of the format; 7 is the first for operators of version 13. */
  private static final int IR_VERSION = 7;

  private final NetworkGraph graph;
  private final Parameters parameters;
  private final Map<String, List<String>> readers;
  private final boolean fold;
  private final OnnxGraph onnx = new OnnxGraph();
  private final Map<String, String> outputs = new HashMap<>(Map.of(Heads.INPUT, Heads.INPUT));

  private OnnxExport(NetworkGraph graph, float[] flat, boolean fold) {
    this.graph = graph;
    this.parameters = new Parameters(graph, flat);
    this.readers = graph.readers();
    this.fold = fold;
  }

  /**
   * @param fold puts each BatchNorm into the convolution before it
   * @throws BellowsException (configuration) when the model is larger than the format allows
   */
  public static void write(TrainedModel model, boolean fold, OutputStream out) throws IOException {
    ModelCard card = model.card();
    write(model, NetworkRegistry.standard().get(card.network()), fold, out);
  }

  /** Of a network that is not in the list. */
  static void write(
      TrainedModel model, NetworkDefinition definition, boolean fold, OutputStream out)
      throws IOException {
    ModelCard card = model.card();
    NetworkGraph graph = definition.graph(card.input(), card.classes().size());
    ProtobufMessage file = new OnnxExport(graph, model.parameters(), fold).model(card);
    if (file.size() > Integer.MAX_VALUE) {
      throw BellowsException.configuration(
          "the model takes %,d bytes; an ONNX file holds at most %,d"
              .formatted(file.size(), Integer.MAX_VALUE));
    }
    file.write(out);
  }

  /** ModelProto. */
  private ProtobufMessage model(ModelCard card) {
    Set<String> needed = graph.ancestors(graph.answer());
    for (NetworkGraph.Vertex vertex : graph.parameterOrder()) {
      if (needed.contains(vertex.name())) {
        outputs.put(vertex.name(), add(vertex));
      }
    }
    InputShape input = card.input();
    long[] answer = graph.shape(graph.answer()).batch(-1);
    ProtobufMessage message =
        onnx.message(
            card.network(),
            OnnxGraph.value(Heads.INPUT, -1, input.channels(), input.height(), input.width()),
            List.of(OnnxGraph.value(LOGITS, answer), OnnxGraph.value(PROBABILITIES, answer)));
    ProtobufMessage model =
        new ProtobufMessage().number(1, IR_VERSION).text(2, "Bellows").message(7, message);
    model.message(8, new ProtobufMessage().text(1, "").number(2, OPSET));
    return model.message(
        14, new ProtobufMessage().text(1, ModelCard.METADATA_KEY).text(2, Json.line(card)));
  }

  private String add(NetworkGraph.Vertex vertex) {
    List<String> from = vertex.inputs().stream().map(outputs::get).toList();
    if (vertex.layer() instanceof BatchNorm && vertex.equals(foldedInto(vertex.from()))) {
      return from.get(0);
    }
    NetworkGraph.Vertex norm = foldedInto(vertex.name());
    return vertex.layer().accept(new OnnxLayers(onnx, parameters, vertex, from, norm));
  }

  /** The one BatchNorm that alone reads a linear convolution; null: there is none. */
  private NetworkGraph.Vertex foldedInto(String name) {
    List<String> reading = readers.getOrDefault(name, List.of());
    if (!fold
        || reading.size() != 1
        || !graph.names().contains(name)
        || !(graph.vertex(name).layer() instanceof Convolution convolution)
        || convolution.activation() != Activation.IDENTITY) {
      return null;
    }
    NetworkGraph.Vertex reader = graph.vertex(reading.get(0));
    return reader.layer() instanceof BatchNorm ? reader : null;
  }
}
