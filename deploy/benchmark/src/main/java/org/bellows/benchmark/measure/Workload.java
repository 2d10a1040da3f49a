// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.bellows.models.graph.InputShape;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.network.LayerCosts;
import org.bellows.models.network.NetworkCost;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.models.zoo.NetworkRegistry;
import org.bellows.worker.network.RandomBatch;

/**
 * A network and the images that it is measured on.
 *
 * @param samples of a batch
 */
public record Workload(NetworkDefinition network, InputShape input, int classes, int samples) {
  /** Of {@link #words}. */
  public static final int WORDS = 6;

  /** A network of its usual shape. */
  public static Workload usual(String network, int samples) {
    NetworkDefinition definition = NetworkRegistry.standard().get(network);
    return new Workload(definition, definition.usualInput(), definition.usualClasses(), samples);
  }

  /** The same for images of another height and width. */
  public Workload sized(int height, int width) {
    return new Workload(network, new InputShape(input.channels(), height, width), classes, samples);
  }

  /** The same with another number of samples. */
  public Workload batched(int other) {
    return new Workload(network, input, classes, other);
  }

  /** As words of a command line, which {@link #of(List)} reads. */
  public List<String> words() {
    List<String> words = new ArrayList<>(List.of(network.name()));
    IntStream.of(samples, classes, input.channels(), input.height(), input.width())
        .mapToObj(Integer::toString)
        .forEach(words::add);
    return words;
  }

  /**
   * @param words {@link #WORDS} or more, of which the first count
   */
  public static Workload of(List<String> words) {
    List<Integer> numbers = words.subList(1, WORDS).stream().map(Integer::valueOf).toList();
    return new Workload(
        NetworkRegistry.standard().get(words.get(0)),
        new InputShape(numbers.get(2), numbers.get(3), numbers.get(4)),
        numbers.get(1),
        numbers.get(0));
  }

  public NetworkGraph graph() {
    return network.graph(input, classes);
  }

  /** Of which each step of training changes all. */
  public long parameters() {
    return NetworkCost.of(LayerCosts.of(network, input, classes)).trainableParameters();
  }

  /** Always the same. */
  public RandomBatch batch() {
    return RandomBatch.of(graph(), classes, samples);
  }
}
