// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.graph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.bellows.models.layer.DenseHead;
import org.bellows.models.layer.Layer;
import org.bellows.models.layer.LayerShape;
import org.bellows.models.layer.ParameterArray;
import org.bellows.models.layer.PixelHead;
import org.bellows.models.layer.SoftmaxHead;

/**
 * A network for images of one shape and a number of classes: named layers without circles, each
 * after those that it reads, and one input. Immutable. It says what is computed; initial parameters
 * and arithmetic are others' business.
 */
public final class NetworkGraph {
  private final String input;
  private final InputShape inputShape;
  private final Map<String, Vertex> vertices = new LinkedHashMap<>();
  private final List<String> heads;
  private final Set<String> insertions;

  /**
   * One layer at its place.
   *
   * @param inputs names of the vertices that it reads, in the layer's order
   * @param inputShapes of one sample, in the same order
   * @param shape of one sample's output
   */
  public record Vertex(
      String name,
      Layer layer,
      List<String> inputs,
      List<LayerShape> inputShapes,
      LayerShape shape) {

    /** The first vertex that it reads. */
    public String from() {
      return inputs.get(0);
    }

    /** The arrays of its parameters, in the order of the network's flat vector. */
    public List<ParameterArray> parameters() {
      return layer.parameters(inputShapes);
    }
  }

  /**
   * One parameter array at its place in the flat vector.
   *
   * @param offset of its first float
   */
  public record StoredArray(Vertex vertex, ParameterArray array, int offset) {

    /** layer_array, as DL4J calls it. */
    public String name() {
      return vertex.name() + "_" + array.name();
    }

    /** Number of floats. */
    public int length() {
      return Math.toIntExact(array.length());
    }
  }

  /** A layer and what it reads. */
  record Placed(Layer layer, List<String> inputs) {}

  NetworkGraph(
      String input, InputShape inputShape, Map<String, Placed> layers, List<String> heads) {
    this(input, inputShape, layers, heads, Set.of());
  }

  /**
   * @param layers by name, each after those that it reads
   * @param heads the network's answer first, auxiliary heads after it
   * @param insertions layers without parameters that the network as it is written does not have
   * @throws IllegalArgumentException when a layer cannot read what it is given, or what it reads
   *     does not come before it
   */
  NetworkGraph(
      String input,
      InputShape inputShape,
      Map<String, Placed> layers,
      List<String> heads,
      Set<String> insertions) {
    this.input = input;
    this.inputShape = inputShape;
    this.heads = List.copyOf(heads);
    this.insertions = Set.copyOf(insertions);
    layers.forEach((name, placed) -> vertices.put(name, vertex(name, placed)));
    this.heads.forEach(this::vertex);
  }

  private Vertex vertex(String name, Placed placed) {
    List<LayerShape> shapes = placed.inputs().stream().map(this::shape).toList();
    LayerShape output = placed.layer().output(shapes);
    return new Vertex(name, placed.layer(), placed.inputs(), shapes, output);
  }

  /** The name of what the network reads: [n, channels, height, width]. */
  public String input() {
    return input;
  }

  public InputShape inputShape() {
    return inputShape;
  }

  /** In the order in which the network is written down, each after those that it reads. */
  public Collection<Vertex> vertices() {
    return Collections.unmodifiableCollection(vertices.values());
  }

  /** Names of the vertices, in their order. */
  public Set<String> names() {
    return Collections.unmodifiableSet(vertices.keySet());
  }

  /**
   * The vertex that is the network's answer, [n, classes], or [n, classes, height, width] where
   * there is a {@link #pixelHead}.
   */
  public String answer() {
    return heads.get(0);
  }

  /** The network's answer where it says a class of each pixel. */
  public Optional<PixelHead> pixelHead() {
    return vertex(answer()).layer() instanceof PixelHead head
        ? Optional.of(head)
        : Optional.empty();
  }

  /** Whether each class has a probability of its own: a sample is of any number of classes. */
  public boolean isMultiLabel() {
    Layer answer = vertex(answer()).layer();
    return answer instanceof DenseHead dense && dense.loss().isMultiLabel()
        || answer instanceof SoftmaxHead softmax && softmax.loss().isMultiLabel();
  }

  /** The network's answer, then its auxiliary heads. */
  public List<String> heads() {
    return heads;
  }

  /**
   * @throws IllegalArgumentException when there is none of that name
   */
  public Vertex vertex(String name) {
    Vertex vertex = vertices.get(name);
    if (vertex == null) {
      throw new IllegalArgumentException("the network has no vertex " + name);
    }
    return vertex;
  }

  /** The shape of one sample at a vertex, or at the input. */
  public LayerShape shape(String name) {
    return name.equals(input) ? inputShape.map() : vertex(name).shape();
  }

  /** By vertex, those that read it; a vertex twice where it does so twice. */
  public Map<String, List<String>> readers() {
    Map<String, List<String>> readers = new LinkedHashMap<>();
    for (Vertex vertex : vertices.values()) {
      vertex
          .inputs()
          .forEach(
              from -> readers.computeIfAbsent(from, f -> new ArrayList<>()).add(vertex.name()));
    }
    return readers;
  }

  /** A vertex, all that it depends on, and the network's input where it does. */
  public Set<String> ancestors(String name) {
    Set<String> seen = new HashSet<>(Set.of(name));
    Deque<String> open = new ArrayDeque<>(seen);
    while (!open.isEmpty()) {
      Vertex vertex = vertices.get(open.pop());
      for (String from : vertex == null ? List.<String>of() : vertex.inputs()) {
        if (seen.add(from)) {
          open.push(from);
        }
      }
    }
    return seen;
  }

  /** The same network with other layers in the places of its own. */
  public NetworkGraph withLayers(UnaryOperator<Layer> change) {
    Map<String, Placed> layers = new LinkedHashMap<>();
    vertices.forEach(
        (name, vertex) ->
            layers.put(name, new Placed(change.apply(vertex.layer()), vertex.inputs())));
    return new NetworkGraph(input, inputShape, layers, heads, insertions);
  }

  /**
   * A layer between a vertex and one that it reads.
   *
   * @param name of the new vertex
   * @param layer has no parameters
   */
  public record Insertion(String name, Layer layer, String from, String reader) {}

  /**
   * The same network with further layers. They are numbered after all others, which leaves the
   * order of parameters as it is.
   */
  public NetworkGraph withInsertions(List<Insertion> further) {
    Map<String, Placed> layers = new LinkedHashMap<>();
    Set<String> names = new HashSet<>(insertions);
    for (Vertex vertex : vertices.values()) {
      List<String> inputs = new ArrayList<>(vertex.inputs());
      for (Insertion insertion : further) {
        if (insertion.reader().equals(vertex.name())) {
          layers.put(insertion.name(), new Placed(insertion.layer(), List.of(insertion.from())));
          names.add(insertion.name());
          inputs.set(inputs.indexOf(insertion.from()), insertion.name());
        }
      }
      layers.put(vertex.name(), new Placed(vertex.layer(), List.copyOf(inputs)));
    }
    return new NetworkGraph(input, inputShape, layers, heads, names);
  }

  /** The vertices in the order in which they are numbered, see {@link #parameterOrder}. */
  public List<Vertex> numbered() {
    List<Vertex> numbered = new ArrayList<>();
    for (boolean isInsertion : new boolean[] {false, true}) {
      vertices.values().stream()
          .filter(vertex -> insertions.contains(vertex.name()) == isInsertion)
          .forEach(numbered::add);
    }
    return numbered;
  }

  /**
   * The part of the network after a vertex, whose output becomes the input.
   *
   * @param shape of the new input: the vertex's; a vector of n values is n x 1 x 1
   * @param without vertices that are left out, with the heads among them
   */
  public NetworkGraph behind(String vertex, InputShape shape, Set<String> without) {
    Map<String, Placed> layers = new LinkedHashMap<>();
    for (Vertex kept : vertices.values()) {
      if (!without.contains(kept.name())) {
        layers.put(kept.name(), new Placed(kept.layer(), kept.inputs()));
      }
    }
    List<String> outputs = heads.stream().filter(head -> !without.contains(head)).toList();
    Set<String> added = new HashSet<>(insertions);
    added.retainAll(layers.keySet());
    return new NetworkGraph(vertex, shape, layers, outputs, added);
  }

  /**
   * The order of the vertices' parameters in the flat vector: a topological one, the same as DL4J's
   * for the same graph, because models and checkpoints store parameters in it. A vertex comes when
   * the last that it reads has come; of several that wait for one, in the order in which a hash
   * table of their numbers has them.
   */
  public List<Vertex> parameterOrder() {
    List<String> names = new ArrayList<>(List.of(input));
    numbered().forEach(vertex -> names.add(vertex.name()));
    Map<String, Set<Integer>> readers = new LinkedHashMap<>();
    Map<String, Set<String>> waitsFor = new LinkedHashMap<>();
    for (int i = 1; i < names.size(); i++) {
      for (String from : vertices.get(names.get(i)).inputs()) {
        readers.computeIfAbsent(from, f -> new HashSet<>()).add(i);
        waitsFor.computeIfAbsent(names.get(i), n -> new HashSet<>()).add(from);
      }
    }
    List<Vertex> sorted = new ArrayList<>();
    Deque<String> open = new ArrayDeque<>(List.of(input));
    while (!open.isEmpty()) {
      String next = open.removeFirst();
      if (!next.equals(input)) {
        sorted.add(vertices.get(next));
      }
      for (int reader : readers.getOrDefault(next, Set.of())) {
        Set<String> missing = waitsFor.get(names.get(reader));
        missing.remove(next);
        if (missing.isEmpty()) {
          open.add(names.get(reader));
        }
      }
    }
    return sorted;
  }

  /**
   * All parameter arrays in the order of the flat vector, without gaps.
   *
   * @throws ArithmeticException when there are more parameters than an array can have
   */
  public List<StoredArray> storedArrays() {
    List<StoredArray> stored = new ArrayList<>();
    int offset = 0;
    for (Vertex vertex : parameterOrder()) {
      for (ParameterArray array : vertex.parameters()) {
        StoredArray next = new StoredArray(vertex, array, offset);
        stored.add(next);
        offset = Math.addExact(offset, next.length());
      }
    }
    return stored;
  }

  /** Floats of all parameter arrays, BatchNorm's running statistics among them. */
  public long parameters() {
    return vertices.values().stream()
        .flatMap(vertex -> vertex.parameters().stream())
        .mapToLong(ParameterArray::length)
        .sum();
  }
}
