package org.bellows.driver.registry;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;
import org.bellows.worker.evaluate.Evaluation;
import org.bellows.worker.files.MayBeNotFinite;

/**
 * What a model achieved on one split of one dataset.
 *
 * @param samples that were evaluated
 * @param top1 share, 0 to 1
 * @param top5 share, 0 to 1
 * @param loss cross-entropy, in nats; NaN where an answer is not finite
 * @param notFinite answers that are not finite; they are mistakes. 0 in older files, whatever the
 *     loss
 */
public record Score(
    String split,
    long samples,
    double top1,
    double top5,
    @MayBeNotFinite double loss,
    @JsonProperty(required = false) long notFinite) {
  public static Score of(Evaluation evaluation) {
    return new Score(
        evaluation.split(),
        evaluation.samples(),
        evaluation.top1(),
        evaluation.top5(),
        evaluation.loss(),
        evaluation.notFinite());
  }

  /** Whether all answers were: else the version is not to become current. */
  public boolean allFinite() {
    return notFinite == 0 && Double.isFinite(loss);
  }

  /** What is wrong where not {@link #allFinite}, as a clause. */
  public String complaint() {
    return notFinite == 0
        ? "the loss on %s is not finite".formatted(split)
        : String.format(
            Locale.ROOT, "%,d of %,d answers on %s are not finite", notFinite, samples, split);
  }
}
