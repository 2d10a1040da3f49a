package org.bellows.driver.report;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.bellows.worker.evaluate.Evaluation;
import org.bellows.worker.files.MayBeNotFinite;

/**
 * One evaluation during training.
 *
 * @param epoch epochs done by then, so 1 after the first
 * @param step updates done by then
 * @param loss mean cross-entropy, in nats; NaN where an answer is not finite
 * @param top1 0 to 1
 * @param top5 0 to 1
 * @param notFinite answers that are not finite; they are mistakes. 0 in older files, whatever the
 *     loss
 */
public record EpochEvaluation(
    int epoch,
    long step,
    @MayBeNotFinite double loss,
    double top1,
    double top5,
    @JsonProperty(required = false) long notFinite) {

  public static EpochEvaluation of(int epoch, long step, Evaluation evaluation) {
    return new EpochEvaluation(
        epoch,
        step,
        evaluation.loss(),
        evaluation.top1(),
        evaluation.top5(),
        evaluation.notFinite());
  }

  /** Whether all answers were: else the model is not to be chosen, whatever its other figures. */
  public boolean allFinite() {
    return notFinite == 0 && Double.isFinite(loss);
  }
}
