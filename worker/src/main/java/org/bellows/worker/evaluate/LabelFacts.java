// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.evaluate;

import java.io.Serializable;
import java.util.List;
import org.bellows.worker.evaluate.label.LabelCurve;
import org.bellows.worker.evaluate.label.LabelScore;
import org.bellows.worker.evaluate.label.LabelScores;
import org.bellows.worker.evaluate.metric.AnswerCounter;
import org.bellows.worker.files.MayBeNotFinite;

/**
 * What is known of answers that say any number of classes of each sample, beside the metrics.
 *
 * @param notFinite samples whose answer is not finite
 * @param withoutPositives names of the classes that no sample is of: they are left out of mAP and
 *     of macro means
 * @param classes scores in the order of the labels
 * @param curves precision and recall of the best and of the worst classes, best first
 * @param worst wrong answers with the highest loss, worst first; answers that are not finite before
 *     all others
 */
public record LabelFacts(
    long notFinite,
    List<String> withoutPositives,
    List<LabelScore> classes,
    List<LabelCurve> curves,
    List<WorstAnswer> worst)
    implements Serializable {
  public LabelFacts {
    withoutPositives = List.copyOf(withoutPositives);
    classes = List.copyOf(classes);
    curves = List.copyOf(curves);
    worst = List.copyOf(worst);
  }

  /** The thresholds of the largest F1 of each class on these samples, by label. */
  public List<Double> bestThresholds() {
    return classes.stream().map(LabelScore::bestThreshold).toList();
  }

  static LabelFacts of(AnswerCounter answers, List<String> names, List<WorstAnswer> worst) {
    LabelScores scores = answers.labelScores();
    List<String> without =
        scores.classes().stream()
            .filter(score -> score.positives() == 0)
            .map(score -> names.get(score.label()))
            .toList();
    return new LabelFacts(
        answers.labelsNotFinite(), without, scores.classes(), scores.curves(), worst);
  }

  /**
   * One wrong answer.
   *
   * @param sampleId position in the dataset
   * @param source where the image came from, as in the shard
   * @param actual labels of the sample
   * @param predicted labels whose probability reaches the threshold; none where the answer is not
   *     finite
   * @param loss binary cross-entropy, in nats; NaN where the answer is not finite
   * @param png the image as the network saw it (before normalisation), PNG
   */
  public record WorstAnswer(
      long sampleId,
      String source,
      List<Integer> actual,
      List<Integer> predicted,
      @MayBeNotFinite double loss,
      byte[] png)
      implements Serializable {}
}
