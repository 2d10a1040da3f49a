package org.bellows.worker.train;

import java.util.ArrayList;
import java.util.List;
import org.bellows.worker.network.BatchStatistics;

/** Parameters and optimizer of one lane that goes its own way for some steps. */
final class LaneReplica {
  private final SliceUpdate update;

  /** The flat parameters, and behind them the loss of the lane's last step. */
  private final float[] vector;

  /** The running statistics before the update, in their places of the flat vector. */
  private final float[] before;

  /**
   * @param update of the whole vector
   * @param parameters in the flat vector
   */
  LaneReplica(SliceUpdate update, int parameters) {
    this.update = update;
    this.vector = new float[parameters + 1];
    this.before = new float[parameters];
  }

  float[] vector() {
    return vector;
  }

  SliceUpdate update() {
    return update;
  }

  /** What the lanes' average is taken of: the parameters, then the optimizer's arrays. */
  List<float[]> arrays() {
    List<float[]> all = new ArrayList<>(List.of(vector));
    all.addAll(update.state());
    return all;
  }

  /**
   * @param gradient of the lane batch, summed over its samples [parameters + 1]; overwritten
   */
  void apply(float[] gradient, BatchStatistics statistics, long step, double rate) {
    statistics.copy(vector, before);
    update.applyInPlace(vector, gradient, step, rate);
    statistics.mergeInPlace(vector, before);
    update.average(vector, step);
  }
}
