// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ClassWeights;
import org.bellows.conf.part.TrainingSettings;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.data.manifest.LabelPixels;
import org.bellows.data.manifest.PixelClass;
import org.bellows.data.shard.LabelCounts;
import org.bellows.data.statistics.PixelFrequencies;

/**
 * From {@code loss.class-weights} to one number a class, in the order of the manifest; an empty
 * list where all count alike.
 *
 * <pre>
 * listed     w_c = given_c * C / sum(given)    mean over the classes 1
 * balanced   w_c = N / (C * n_c)               mean over the samples 1
 * </pre>
 *
 * with C classes and N samples in the split that is trained on, n_c of them of class c. Where each
 * pixel has a class, N and n_c are pixels, C counts the classes that occur, a class that does not
 * has the weight 0, and there is
 *
 * <pre>
 * median-frequency   as {@link PixelFrequencies} has it
 * </pre>
 *
 * <p>Weights of pixels, listed ones too, are scaled so that their mean over these N pixels is 1.
 * Losses are divided by numbers of pixels, so a step is then as long as without weights, whatever
 * the unit of the weights.
 */
final class ClassWeighting {
  private ClassWeighting() {}

  /**
   * @throws BellowsException (configuration) when there is not one listed weight a class, or a
   *     class to balance has no samples; (data) when the labels cannot be read
   */
  static List<Double> of(
      Configuration hadoop, TrainingSettings settings, DatasetManifest manifest) {
    ClassWeights weights = settings.loss().classWeights();
    switch (weights.rule()) {
      case LISTED -> {
        return listed(weights, manifest.classes());
      }
      case MEDIAN_FREQUENCY ->
          throw BellowsException.configuration(
              "loss.class-weights is median-frequency, which is of pixels, but %s says a class of each sample; allowed: balanced, a list"
                  .formatted(settings.model().name()));
      case BALANCED -> {}
    }
    String split = settings.train().split();
    long[] counts = LabelCounts.of(hadoop, settings.data().path(), manifest, split);
    return balanced(counts, manifest.classes(), split);
  }

  /**
   * As above where each pixel has a class.
   *
   * @param classes names of the pixels' classes
   * @throws BellowsException (configuration) when there is not one listed weight a class; (data)
   *     when no pixel of the split has a class
   */
  static List<Double> ofPixels(
      TrainingSettings settings, DatasetManifest manifest, List<String> classes) {
    ClassWeights weights = settings.loss().classWeights();
    if (weights.areAlike()) {
      return List.of();
    }
    String split = settings.train().split();
    List<LabelPixels> counts = manifest.split(split).labelPixels();
    List<LabelPixels> known =
        counts.stream().filter(count -> count.label() != PixelClass.VOID).toList();
    if (known.isEmpty()) {
      throw BellowsException.data(
          "loss.class-weights is %s, but all pixels of split %s are void"
              .formatted(weights.spelt(), split));
    }
    return toMeanOne(
        switch (weights.rule()) {
          case LISTED -> listed(weights, classes);
          case BALANCED -> balancedPixels(known, classes.size());
          case MEDIAN_FREQUENCY ->
              PixelFrequencies.of(counts, classes.size()).medianFrequencyWeights();
        },
        known);
  }

  private static List<Double> balancedPixels(List<LabelPixels> known, int classes) {
    double[] weights = new double[classes];
    known.forEach(count -> weights[count.label()] = 1.0 / count.pixels());
    return Arrays.stream(weights).boxed().toList();
  }

  private static List<Double> toMeanOne(List<Double> weights, List<LabelPixels> known) {
    double sum =
        known.stream().mapToDouble(count -> count.pixels() * weights.get(count.label())).sum();
    double pixels = known.stream().mapToLong(LabelPixels::pixels).sum();
    return weights.stream().map(weight -> weight * pixels / sum).toList();
  }

  static List<Double> listed(ClassWeights weights, List<String> classes) {
    List<Double> given = weights.listed();
    if (!given.isEmpty() && given.size() != classes.size()) {
      throw BellowsException.configuration(
          "loss.class-weights holds %d numbers, but the dataset has %d classes"
              .formatted(given.size(), classes.size()));
    }
    double sum = given.stream().mapToDouble(Double::doubleValue).sum();
    return given.stream().map(weight -> weight * given.size() / sum).toList();
  }

  static List<Double> balanced(long[] counts, List<String> classes, String split) {
    long samples = 0;
    for (long count : counts) {
      samples += count;
    }
    List<Double> weights = new ArrayList<>();
    for (int label = 0; label < counts.length; label++) {
      if (counts[label] == 0) {
        throw BellowsException.configuration(
            "loss.class-weights is balanced, but split %s has no sample of class %s"
                .formatted(split, classes.get(label)));
      }
      weights.add(samples / ((double) counts.length * counts[label]));
    }
    return weights;
  }
}
