package org.bellows.driver.registry;

import org.bellows.worker.evaluate.Evaluation;

/**
 * What a model achieved on one split of one dataset.
 *
 * @param samples that were evaluated
 * @param top1 share, 0 to 1
 * @param top5 share, 0 to 1
 * @param loss cross-entropy, in nats
 */
public record Score(String split, long samples, double top1, double top5, double loss) {
  public static Score of(Evaluation evaluation) {
    return new Score(
        evaluation.split(),
        evaluation.samples(),
        evaluation.top1(),
        evaluation.top5(),
        evaluation.loss());
  }
}
