package org.bellows.driver.study;

import java.util.List;
import org.bellows.driver.report.EpochEvaluation;

/**
 * What one training came to.
 *
 * @param top1 on the validation split, 0 to 1
 * @param loss on the validation split, in nats
 * @param trainingLoss mean over the last epoch's steps
 * @param seconds of all steps
 */
public record SeedResult(
    long seed,
    double top1,
    double loss,
    double trainingLoss,
    double seconds,
    String parametersSha256,
    List<EpochEvaluation> evaluations) {}
