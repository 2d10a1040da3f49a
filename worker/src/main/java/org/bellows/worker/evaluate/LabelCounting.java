// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.evaluate;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.bellows.data.batch.EvaluationBatch;
import org.bellows.data.batch.MultiLabelTargets;

/** Counts answers to samples of any number of classes. */
final class LabelCounting {
  /** Below it 1 - p says nothing: half of the distance from 1 to the float before it. */
  private static final double LEAST_OF_OTHERS = 0x1p-25;

  /** Below it floats lose digits, and 0 has no logarithm. */
  private static final double LEAST_OF_OWN = 1e-37;

  private LabelCounting() {}

  /**
   * @param probabilities n x classes of the batch's n samples
   * @param picture of a sample of the batch as a PNG file
   */
  static void count(
      EvaluationBatch batch,
      float[] probabilities,
      PartialEvaluation partial,
      IntFunction<byte[]> picture) {
    MultiLabelTargets targets = batch.targets().ofLabels();
    int classes = targets.classes();
    double[] thresholds = partial.thresholds();
    for (int i = 0; i < targets.samples(); i++) {
      float[] answer = Arrays.copyOfRange(probabilities, i * classes, (i + 1) * classes);
      int[] own = batch.samples().get(i).labels();
      double loss = loss(answer, targets, i);
      partial.count(batch.index(), answer, own, loss);
      List<Integer> actual = IntStream.of(own).boxed().toList();
      List<Integer> predicted = Double.isNaN(loss) ? List.of() : reaching(answer, thresholds);
      if (Double.isNaN(loss) || !actual.equals(predicted)) {
        int at = i;
        partial.offer(
            loss,
            () ->
                new LabelFacts.WorstAnswer(
                    batch.sampleIds()[at],
                    batch.samples().get(at).source(),
                    actual,
                    predicted,
                    loss,
                    picture.apply(at)));
      }
    }
  }

  private static List<Integer> reaching(float[] answer, double[] thresholds) {
    return IntStream.of(Ranking.reaching(answer, thresholds)).boxed().toList();
  }

  /** Mean over the classes of -log of the probability of what is true; NaN if one is not finite. */
  static double loss(float[] answer, MultiLabelTargets targets, int sample) {
    double sum = 0;
    for (int label = 0; label < answer.length; label++) {
      double p = answer[label];
      double ofTruth =
          targets.has(sample, label) ? Math.max(p, LEAST_OF_OWN) : Math.max(1 - p, LEAST_OF_OTHERS);
      sum -= Double.isFinite(p) ? StrictMath.log(ofTruth) : Double.NaN;
    }
    return sum / answer.length;
  }
}
