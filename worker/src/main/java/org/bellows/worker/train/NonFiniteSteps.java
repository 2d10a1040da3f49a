// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;
import org.bellows.conf.TrainSettings;
import org.bellows.conf.text.Words;
import org.bellows.data.order.SampleOrder;
import org.bellows.worker.engine.StepVector;
import org.bellows.worker.parallel.VectorParts;

/**
 * Handling of a step whose loss or gradient is not finite: {@code train.non-finite}. All ranks
 * decide it together, on what does not depend on how many they are.
 */
final class NonFiniteSteps {
  /** Lanes named in one message; when a run diverges it is all of them. */
  private static final int NAMED_LANES = 4;

  /** Skipped steps with a note each; the others are counted. */
  private static final int TOLD_STEPS = 20;

  private static final int LOSS = 1;
  private static final int GRADIENT = 2;

  private final TrainSettings.NonFinite asked;
  private final SampleOrder order;
  private final List<String> notes = new ArrayList<>();
  private int untold;

  NonFiniteSteps(TrainingPlan plan) {
    this.asked = plan.settings().train().nonFinite();
    this.order = plan.sampleOrder();
  }

  /**
   * If a lane's numbers times this are finite, then no sum of so many lanes' vectors can overflow
   * whose numbers are like them: each lane answers for itself, so that the answer does not depend
   * on the placement of the lanes.
   */
  static float factorToBeSummed(int lanes) {
    // Twice, for what rounding on the way may add.
    return 2f * lanes;
  }

  /**
   * Inspects a lane's result and takes the loss out of it, which is not applied.
   *
   * @param gradient its loss is set to 0
   * @return which values are not finite, 0 if none
   */
  static float inspectInPlace(StepVector gradient) {
    float loss = gradient.loss();
    gradient.setLoss(0);
    return (Float.isFinite(loss) ? 0 : LOSS)
        | (gradient.isFinite(1, VectorParts.ONE) ? 0 : GRADIENT);
  }

  /** Whether the results of all lanes are finite. */
  static boolean allFinite(float[] findings) {
    for (float finding : findings) {
      if (finding != 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * All ranks call it when a step is not finite.
   *
   * @param findings of all lanes; all 0 where only their sum may overflow
   * @throws BellowsException (internal) unless the step is to be skipped; the same on every rank
   */
  void onNonFinite(PlannedStep step, float[] findings) {
    String what =
        "%s (epoch %d) is not finite: %s; learning rate %s"
            .formatted(step, step.epoch(), lanes(step, findings), step.learningRate());
    if (asked == TrainSettings.NonFinite.STOP) {
      throw new BellowsException(
          ErrorCategory.INTERNAL,
          what
              + "; nothing of it was applied: lower schedule.base-lr, lengthen the warmup, look at"
              + " these samples, or set train.non-finite=skip and start again from the last"
              + " checkpoint",
          null);
    }
    if (notes.size() < TOLD_STEPS) {
      notes.add("skipped an update: " + what);
    } else {
      untold++;
    }
  }

  /** The steps that were skipped since the last call. */
  List<String> takeNotes() {
    List<String> taken = new ArrayList<>(notes);
    if (untold > 0) {
      taken.add("skipped %d more updates that were not finite".formatted(untold));
    }
    notes.clear();
    untold = 0;
    return taken;
  }

  private String lanes(PlannedStep step, float[] findings) {
    List<String> named = new ArrayList<>();
    int more = 0;
    for (int lane = 0; lane < findings.length; lane++) {
      if (findings[lane] != 0 && named.size() < NAMED_LANES) {
        named.add(
            "%s of lane %d (samples %s)"
                .formatted(name((int) findings[lane]), lane, samples(step, lane)));
      } else if (findings[lane] != 0) {
        more++;
      }
    }
    if (named.isEmpty()) {
      return "each lane is, their sum may not be";
    }
    return String.join(", ", named) + (more == 0 ? "" : " and " + more + " more lanes");
  }

  private static String name(int finding) {
    return switch (finding) {
      case LOSS -> "loss";
      case GRADIENT -> "gradient";
      default -> "loss and gradient";
    };
  }

  private String samples(PlannedStep step, int lane) {
    int first = Math.toIntExact(step.number() % order.stepsPerEpoch() * order.laneBatch());
    long[] ids = order.sampleIds(step.epoch(), lane);
    return Words.and(Arrays.stream(ids, first, first + order.laneBatch()).boxed().toList());
  }
}
