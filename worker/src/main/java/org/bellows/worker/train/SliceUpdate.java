package org.bellows.worker.train;

import java.util.List;
import org.bellows.conf.Settings;
import org.bellows.models.network.FlatLayout;
import org.bellows.models.network.FlatLayout.Segment;
import org.bellows.models.network.ParameterKind;
import org.bellows.models.optimizer.Optimizer;
import org.bellows.models.optimizer.Optimizers;
import org.bellows.worker.collective.Shares.Share;

/**
 * The update of the slice that one rank owns: sums over lanes become means, trainable parameters
 * are moved, running statistics' moments are averaged. The vector may be longer than the layout:
 * what comes after the parameters is averaged over samples (the loss).
 */
final class SliceUpdate {
  private final FlatLayout layout;
  private final Share owned;
  private final Optimizer optimizer;
  private final float[][] state;
  private final float weightDecay;
  private final int globalBatch;
  private final int lanes;

  SliceUpdate(FlatLayout layout, Share owned, Settings settings) {
    this.layout = layout;
    this.owned = owned;
    this.optimizer = Optimizers.of(settings.optimizer());
    this.state = new float[optimizer.stateSize()][owned.length()];
    this.weightDecay = (float) settings.optimizer().weightDecay();
    this.globalBatch = settings.train().globalBatch();
    this.lanes = settings.train().lanes();
  }

  /** Optimizer state of the owned slice: [state arrays][owned length]. */
  float[][] state() {
    return state;
  }

  /**
   * @param whole state arrays [at least the end of the owned slice], in the layout's order
   */
  void restore(List<float[]> whole) {
    for (int i = 0; i < state.length; i++) {
      int end = Math.min(owned.to(), whole.get(i).length);
      System.arraycopy(whole.get(i), owned.from(), state[i], 0, Math.max(0, end - owned.from()));
    }
  }

  /**
   * @param vector flat vector; its owned slice is overwritten
   * @param sums over all lanes of the owned slice [owned length]; turned into means
   */
  void applyInPlace(float[] vector, float[] sums, double learningRate) {
    for (Segment segment : layout.segments()) {
      int from = Math.max(owned.from(), segment.offset());
      int to = Math.min(owned.to(), segment.end());
      if (from < to && segment.kind().isTrainable()) {
        scaleInPlace(sums, from, to, globalBatch);
        float decay = segment.kind() == ParameterKind.WEIGHT ? weightDecay : 0;
        optimizer.updateInPlace(
            vector,
            sums,
            state,
            new Optimizer.Stretch(from, to, owned.from(), (float) learningRate, decay));
      } else if (from < to) {
        scaleInPlace(sums, from, to, lanes);
        System.arraycopy(sums, from - owned.from(), vector, from, to - from);
      }
    }
    int behind = Math.max(owned.from(), layout.length());
    if (behind < owned.to()) {
      scaleInPlace(sums, behind, owned.to(), globalBatch);
      System.arraycopy(sums, behind - owned.from(), vector, behind, owned.to() - behind);
    }
  }

  private void scaleInPlace(float[] sums, int from, int to, int parts) {
    float factor = 1f / parts;
    for (int i = from - owned.from(); i < to - owned.from(); i++) {
      sums[i] *= factor;
    }
  }
}
