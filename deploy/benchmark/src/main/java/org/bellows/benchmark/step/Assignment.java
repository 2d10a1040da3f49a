// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.step;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.bellows.conf.Settings;
import org.bellows.conf.ValueText;
import org.bellows.conf.load.SettingsLoader;
import org.bellows.models.graph.InputShape;
import org.bellows.models.network.LayerCosts;
import org.bellows.models.network.NetworkCost;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.models.zoo.NetworkRegistry;
import org.bellows.worker.engine.Arithmetic;
import org.bellows.worker.network.RandomBatch;

/**
 * The training that all contenders run.
 *
 * @param samples of the batch
 * @param arithmetic of Bellows
 */
record Assignment(
    NetworkDefinition network, InputShape input, int classes, int samples, Arithmetic arithmetic) {

  /** Of {@link #words}. */
  static final int WORDS = 8;

  /** Noise would drive the deeper networks to infinity with more. */
  private static final double LEARNING_RATE = 1e-4;

  /** A network of its usual shape, with Bellows's usual settings. */
  static Assignment usual(String network, int samples) {
    NetworkDefinition definition = NetworkRegistry.standard().get(network);
    return new Assignment(
        definition, definition.usualInput(), definition.usualClasses(), samples, Arithmetic.USUAL);
  }

  Assignment in(Arithmetic other) {
    return new Assignment(network, input, classes, samples, other);
  }

  /** The same for images of another height and width. */
  private Assignment sized(int height, int width) {
    InputShape other = new InputShape(input.channels(), height, width);
    return new Assignment(network, other, classes, samples, arithmetic);
  }

  /** The same with another number of samples. */
  Assignment batched(int other) {
    return new Assignment(network, input, classes, other, arithmetic);
  }

  /** As words of a command line, which {@link #of(List)} reads. */
  List<String> words() {
    List<String> words = new ArrayList<>(List.of(network.name()));
    IntStream.of(samples, classes, input.channels(), input.height(), input.width())
        .mapToObj(Integer::toString)
        .forEach(words::add);
    words.add(arithmetic.convolutions().name());
    words.add(arithmetic.precision().name());
    return words;
  }

  static Assignment of(List<String> words) {
    List<Integer> numbers = words.subList(1, WORDS - 2).stream().map(Integer::valueOf).toList();
    return new Assignment(
        NetworkRegistry.standard().get(words.get(0)),
        new InputShape(numbers.get(2), numbers.get(3), numbers.get(4)),
        numbers.get(1),
        numbers.get(0),
        new Arithmetic(
            Settings.Convolutions.valueOf(words.get(WORDS - 2)),
            Settings.Precision.valueOf(words.get(WORDS - 1))));
  }

  /** Those of {@code docs/performance.md}. */
  static List<Assignment> documented() {
    return List.of(
        usual("lenet5", 64),
        usual("alexnet-32", 64),
        usual("resnet20-cifar", 64),
        usual("resnet50", 8),
        usual("vgg16", 4),
        usual("mobilenet-v2", 8),
        usual("unet-16", 8).sized(180, 240),
        usual("segnet-basic", 4).sized(180, 240),
        usual("deeplab-v3-mobilenet-v2", 4).sized(256, 256));
  }

  /** Else Bellows's defaults: SGD with Nesterov's momentum and weight decay. */
  Settings settings() {
    return new SettingsLoader()
        .set(
            List.of(
                "cluster.executors=1",
                "schedule.base-lr=" + LEARNING_RATE,
                "train.convolutions=" + ValueText.name(arithmetic.convolutions()),
                "train.precision=" + ValueText.name(arithmetic.precision()),
                "train.global-batch=" + samples,
                "train.lane-batch=" + samples))
        .load(List.of(), List.of());
  }

  long parameters() {
    return NetworkCost.of(LayerCosts.of(network, input, classes)).trainableParameters();
  }

  RandomBatch batch() {
    return RandomBatch.of(network.graph(input, classes), classes, samples);
  }
}
