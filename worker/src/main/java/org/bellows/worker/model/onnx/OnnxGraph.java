// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.model.onnx;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bellows.worker.files.ProtobufMessage;

/** Nodes and constants of an ONNX graph. Numbers of fields are those of onnx.proto. */
final class OnnxGraph {
  private static final int FLOAT = 1;
  private static final int INT64 = 7;
  private static final int ATTRIBUTE_FLOAT = 1;
  private static final int ATTRIBUTE_INT = 2;
  private static final int ATTRIBUTE_TEXT = 3;
  private static final int ATTRIBUTE_INTS = 7;

  private final ProtobufMessage nodes = new ProtobufMessage();
  private final Map<String, ProtobufMessage> constants = new LinkedHashMap<>();

  /**
   * Adds a node with one output.
   *
   * @param output names both the node and its output
   * @param attributes by name: Long, Double, String or long[]
   */
  void node(String operator, String output, Map<String, Object> attributes, List<String> inputs) {
    node(operator, List.of(output), attributes, inputs);
  }

  /**
   * @param outputs the first names the node, too
   * @param inputs empty: an optional one that is left out
   */
  void node(
      String operator, List<String> outputs, Map<String, Object> attributes, List<String> inputs) {
    ProtobufMessage node = new ProtobufMessage();
    inputs.forEach(input -> node.text(1, input));
    outputs.forEach(output -> node.text(2, output));
    node.text(3, outputs.get(0)).text(4, operator);
    attributes.forEach((name, value) -> node.message(5, attribute(name, value)));
    nodes.message(1, node);
  }

  void node(String operator, String output, String... inputs) {
    node(operator, output, Map.of(), List.of(inputs));
  }

  private static ProtobufMessage attribute(String name, Object value) {
    ProtobufMessage attribute = new ProtobufMessage().text(1, name);
    if (value instanceof Long number) {
      return attribute.number(3, number).number(20, ATTRIBUTE_INT);
    }
    if (value instanceof Double number) {
      return attribute.real(2, number.floatValue()).number(20, ATTRIBUTE_FLOAT);
    }
    if (value instanceof String text) {
      return attribute.text(4, text).number(20, ATTRIBUTE_TEXT);
    }
    for (long number : (long[]) value) {
      attribute.number(8, number);
    }
    return attribute.number(20, ATTRIBUTE_INTS);
  }

  /**
   * @param values last axis fastest
   * @return the name
   */
  String constant(String name, long[] shape, float[] values) {
    constants.put(name, tensor(name, FLOAT, shape).floats(9, values));
    return name;
  }

  String scalar(String name, double value) {
    return constant(name, new long[0], new float[] {(float) value});
  }

  String integers(String name, long... values) {
    constants.put(name, tensor(name, INT64, values.length).longs(9, values));
    return name;
  }

  private static ProtobufMessage tensor(String name, int type, long... shape) {
    ProtobufMessage tensor = new ProtobufMessage();
    for (long size : shape) {
      tensor.number(1, size);
    }
    return tensor.number(2, type).text(8, name);
  }

  /**
   * An input or output of floats.
   *
   * @param shape -1: any, the number of pictures
   */
  static ProtobufMessage value(String name, long... shape) {
    ProtobufMessage sizes = new ProtobufMessage();
    for (long size : shape) {
      sizes.message(
          1, size < 0 ? new ProtobufMessage().text(2, "n") : new ProtobufMessage().number(1, size));
    }
    ProtobufMessage tensorType = new ProtobufMessage().number(1, FLOAT).message(2, sizes);
    return new ProtobufMessage()
        .text(1, name)
        .message(2, new ProtobufMessage().message(1, tensorType));
  }

  /** GraphProto. */
  ProtobufMessage message(String name, ProtobufMessage input, List<ProtobufMessage> outputs) {
    ProtobufMessage graph = new ProtobufMessage();
    graph.include(nodes).text(2, name);
    constants.values().forEach(constant -> graph.message(5, constant));
    graph.message(11, input);
    outputs.forEach(output -> graph.message(12, output));
    return graph;
  }
}
