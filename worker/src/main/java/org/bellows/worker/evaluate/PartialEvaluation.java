package org.bellows.worker.evaluate;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bellows.conf.BellowsException;
import org.bellows.data.manifest.Split;

/**
 * What one worker found in its batches. Counts add up in any order; losses are kept by batch, so
 * that their sum is taken in the same order whoever had which batch.
 */
public final class PartialEvaluation implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final Comparator<Evaluation.Mistake> WORST_FIRST =
      Comparator.comparingDouble((Evaluation.Mistake mistake) -> -badness(mistake.loss()))
          .thenComparingLong(Evaluation.Mistake::sampleId);

  private final TreeMap<Integer, Double> lossOfBatch = new TreeMap<>();
  private final ConfusionCounter confusion;
  private final List<Evaluation.Mistake> mistakes = new ArrayList<>();
  private final int classes;
  private final int worst;
  private long samples;
  private long top1;
  private long top5;

  public PartialEvaluation(int classes, int worst) {
    this.classes = classes;
    this.confusion = new ConfusionCounter(classes);
    this.worst = worst;
  }

  void addLoss(int batch, double sum) {
    lossOfBatch.merge(batch, sum, Double::sum);
  }

  /** Counts a sample; rank is the number of classes that come before the actual one. */
  void count(int actual, int predicted, int rank) {
    samples++;
    confusion.add(actual, predicted);
    top1 += rank < 1 ? 1 : 0;
    top5 += rank < 5 ? 1 : 0;
  }

  /** Counts a sample whose answer is not finite: a mistake, also where there are few classes. */
  void countNotFinite(int actual) {
    samples++;
    confusion.add(actual, classes);
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
    confusion.counts();
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
    PartialEvaluation all = new PartialEvaluation(classes.size(), worst);
    parts.forEach(all::merge);
    if (all.samples != split.samples()) {
      throw BellowsException.infrastructure(
          "the evaluation counted %d samples of split %s, expected %d"
              .formatted(all.samples, split.name(), split.samples()));
    }
    double loss = 0;
    for (double ofBatch : all.lossOfBatch.values()) {
      loss += ofBatch;
    }
    double n = all.samples;
    return new Evaluation(
        split.name(),
        all.samples,
        loss / n,
        all.top1 / n,
        all.top5 / n,
        classes,
        all.confusion.counts(),
        List.copyOf(all.mistakes));
  }

  private void merge(PartialEvaluation part) {
    for (Map.Entry<Integer, Double> entry : part.lossOfBatch.entrySet()) {
      addLoss(entry.getKey(), entry.getValue());
    }
    confusion.add(part.confusion.counts());
    samples += part.samples;
    top1 += part.top1;
    top5 += part.top5;
    part.mistakes.forEach(this::add);
  }
}
