// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.evaluate;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import org.bellows.conf.BellowsException;
import org.bellows.data.batch.EvaluationTransform;
import org.bellows.data.decode.image.RasterImage;
import org.bellows.data.manifest.Split;
import org.bellows.data.shard.EncodedSample;
import org.bellows.worker.evaluate.metric.AnswerCounter;
import org.bellows.worker.evaluate.metric.AnswerKind;
import org.bellows.worker.evaluate.metric.ClassAnswer;
import org.bellows.worker.evaluate.metric.PixelConfusion;

/**
 * The counts of one worker over its batches. The parts of an {@link AnswerCounter} are the batches.
 */
public final class PartialEvaluation implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final Comparator<Evaluation.Mistake> WORST_FIRST =
      Comparator.comparingDouble((Evaluation.Mistake mistake) -> -badness(mistake.loss()))
          .thenComparingLong(Evaluation.Mistake::sampleId);

  private final AnswerCounter answers;
  private final List<Evaluation.Mistake> mistakes = new ArrayList<>();
  private final WorstPictures pictures;
  private final WorstAnswers worstAnswers;
  private final int worst;

  /** Of answers that say a class of each sample. */
  public PartialEvaluation(int classes, int worst) {
    this(classes, AnswerKind.SAMPLES, new double[0], worst);
  }

  /**
   * @param kind of the answers
   * @param thresholds by class where answers are of labels; else not asked for
   */
  public PartialEvaluation(int classes, AnswerKind kind, double[] thresholds, int worst) {
    this.answers = new AnswerCounter(classes, kind, thresholds);
    this.pictures = new WorstPictures(worst);
    this.worstAnswers = new WorstAnswers(worst);
    this.worst = worst;
  }

  /** Counts a sample; those of a batch come in its order. */
  void count(int batch, ClassAnswer answer) {
    answers.count(batch, answer);
  }

  /** By class, where answers are of labels. */
  double[] thresholds() {
    return answers.thresholds();
  }

  /** Counts a sample of any number of classes; those of a batch come in its order. */
  void count(int batch, float[] answer, int[] own, double loss) {
    answers.count(batch, answer, own, loss);
  }

  /** A wrong answer, which is asked for only if it may be among the worst. */
  void offer(double loss, Supplier<LabelFacts.WorstAnswer> answer) {
    worstAnswers.offer(loss, answer);
  }

  /**
   * Counts a picture whose pixels have classes.
   *
   * @param truth the sample's label map
   */
  void count(EncodedSample sample, RasterImage truth, PixelScorer.PictureScore score) {
    answers.count(Math.toIntExact(sample.id()), score.counts());
    PixelConfusion pixels = new PixelConfusion(score.counts().confusion());
    if (!pixels.isEmpty()) {
      double miou = pixels.meanIntersectionOverUnion();
      pictures.offer(sample.id(), miou, () -> picture(sample, miou, truth, score.answer()));
    }
  }

  private static PixelFacts.WorstPicture picture(
      EncodedSample sample, double miou, RasterImage truth, byte[] answer) {
    RasterImage answered = new RasterImage(truth.height(), truth.width(), 1, answer);
    return new PixelFacts.WorstPicture(
        sample.id(),
        sample.source(),
        miou,
        truth.height(),
        truth.width(),
        WorstPictures.small(EvaluationTransform.decoded(sample)),
        WorstPictures.smallLabels(truth),
        WorstPictures.smallLabels(answered));
  }

  /** Whether a mistake of this loss would be among the worst: saves drawing the others. */
  boolean isAmongWorst(double loss) {
    return worst > 0
        && (mistakes.size() < worst
            || badness(loss) > badness(mistakes.get(mistakes.size() - 1).loss()));
  }

  /** No mistake is worse than an answer that is not finite. */
  private static double badness(double loss) {
    return Double.isFinite(loss) ? loss : Double.POSITIVE_INFINITY;
  }

  /** Nothing more will be counted: what is sent holds no room for it. */
  PartialEvaluation settled() {
    answers.confusion();
    return this;
  }

  void add(Evaluation.Mistake mistake) {
    mistakes.add(mistake);
    mistakes.sort(WORST_FIRST);
    if (mistakes.size() > worst) {
      mistakes.remove(mistakes.size() - 1);
    }
  }

  /**
   * @throws BellowsException (infrastructure) when the parts do not add up to the split
   */
  public static Evaluation merge(
      Split split, List<String> classes, List<PartialEvaluation> parts, int worst) {
    if (parts.isEmpty()) {
      throw missing(split, 0);
    }
    AnswerCounter first = parts.get(0).answers;
    PartialEvaluation all =
        new PartialEvaluation(classes.size(), first.kind(), first.thresholds(), worst);
    parts.forEach(all::merge);
    if (all.answers.samples() != split.samples()) {
      throw missing(split, all.answers.samples());
    }
    List<Evaluation.Mistake> mistakes = List.copyOf(all.mistakes);
    Evaluation evaluation = Evaluation.of(split.name(), all.answers, classes, mistakes);
    return switch (first.kind()) {
      case SAMPLES -> evaluation;
      case LABELS -> evaluation.with(LabelFacts.of(all.answers, classes, all.worstAnswers.worst()));
      case PIXELS -> evaluation.with(PixelFacts.of(all.answers, classes, all.pictures.worst()));
    };
  }

  private static BellowsException missing(Split split, long counted) {
    return BellowsException.infrastructure(
        "the evaluation counted %d samples of split %s, expected %d"
            .formatted(counted, split.name(), split.samples()));
  }

  private void merge(PartialEvaluation part) {
    answers.add(part.answers);
    part.mistakes.forEach(this::add);
    pictures.add(part.pictures);
    worstAnswers.add(part.worstAnswers);
  }
}
