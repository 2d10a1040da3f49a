// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.step;

import java.util.ArrayList;
import java.util.List;
import org.bellows.benchmark.measure.Workload;
import org.bellows.conf.Precision;
import org.bellows.conf.Settings;
import org.bellows.conf.TrainSettings;
import org.bellows.conf.load.SettingsLoader;
import org.bellows.conf.text.ValueText;
import org.bellows.models.graph.InputShape;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.worker.engine.Arithmetic;
import org.bellows.worker.network.RandomBatch;

/**
 * The training that all contenders run.
 *
 * @param workload network and images
 * @param arithmetic of Bellows
 */
record Assignment(Workload workload, Arithmetic arithmetic) {

  /** Of {@link #words}. */
  static final int WORDS = Workload.WORDS + 2;

  /** Noise would drive the deeper networks to infinity with more. */
  private static final double LEARNING_RATE = 1e-4;

  /** A network of its usual shape, with Bellows's usual settings. */
  static Assignment usual(String network, int samples) {
    return new Assignment(Workload.usual(network, samples), Arithmetic.USUAL);
  }

  Assignment in(Arithmetic other) {
    return new Assignment(workload, other);
  }

  /** With the usual convolutions: the only ones that every engine has. */
  Assignment directly() {
    return in(new Arithmetic(Arithmetic.USUAL.convolutions(), arithmetic.precision()));
  }

  /** As words of a command line, which {@link #of(List)} reads. */
  List<String> words() {
    List<String> words = new ArrayList<>(workload.words());
    words.add(arithmetic.convolutions().name());
    words.add(arithmetic.precision().name());
    return words;
  }

  static Assignment of(List<String> words) {
    return new Assignment(
        Workload.of(words),
        new Arithmetic(
            TrainSettings.Convolutions.valueOf(words.get(WORDS - 2)),
            Precision.valueOf(words.get(WORDS - 1))));
  }

  /** Those of {@code docs/performance.md}. */
  static List<Workload> documented() {
    return List.of(
        Workload.usual("lenet5", 64),
        Workload.usual("alexnet-32", 64),
        Workload.usual("resnet20-cifar", 64),
        Workload.usual("resnet50", 8),
        Workload.usual("vgg16", 4),
        Workload.usual("mobilenet-v2", 8),
        Workload.usual("unet-16", 8).sized(180, 240),
        Workload.usual("segnet-basic", 4).sized(180, 240),
        Workload.usual("deeplab-v3-mobilenet-v2", 4).sized(256, 256));
  }

  NetworkDefinition network() {
    return workload.network();
  }

  InputShape input() {
    return workload.input();
  }

  int classes() {
    return workload.classes();
  }

  int samples() {
    return workload.samples();
  }

  /**
   * Else Bellows's defaults: SGD with Nesterov's momentum and weight decay.
   *
   * @param more assignments
   */
  Settings settings(String... more) {
    return new SettingsLoader()
        .set(
            List.of(
                "cluster.executors=1",
                "schedule.base-lr=" + LEARNING_RATE,
                "train.convolutions=" + ValueText.name(arithmetic.convolutions()),
                "train.precision=" + ValueText.name(arithmetic.precision()),
                "train.global-batch=" + samples(),
                "train.lane-batch=" + samples()))
        .set(List.of(more))
        .load(List.of(), List.of());
  }

  RandomBatch batch() {
    return workload.batch();
  }
}
