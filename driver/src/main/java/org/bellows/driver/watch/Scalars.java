package org.bellows.driver.watch;

import java.util.LinkedHashMap;
import java.util.Map;
import org.bellows.driver.report.EpochEvaluation;
import org.bellows.worker.metrics.StepMetrics;

/** The curves of a run under the names that other tools show them by. */
public final class Scalars {
  private Scalars() {}

  public static Map<String, Double> of(StepMetrics step) {
    Map<String, Double> scalars = new LinkedHashMap<>();
    scalars.put("train/loss", step.loss());
    scalars.put("train/learning_rate", step.learningRate());
    scalars.put("speed/images_per_second", step.images() / step.seconds());
    scalars.put("speed/data_wait_share", step.dataWaitSeconds() / step.seconds());
    scalars.put("speed/collective_share", step.collectiveSeconds() / step.seconds());
    return scalars;
  }

  public static Map<String, Double> of(EpochEvaluation evaluation) {
    Map<String, Double> scalars = new LinkedHashMap<>();
    scalars.put("validation/loss", evaluation.loss());
    scalars.put("validation/top1", evaluation.top1());
    scalars.put("validation/top5", evaluation.top5());
    return scalars;
  }
}
