package org.bellows.worker.train;

import java.util.ArrayList;
import java.util.List;
import org.bellows.conf.Settings;
import org.bellows.models.network.FlatLayout;
import org.bellows.models.network.FlatLayout.Segment;
import org.bellows.models.network.ParameterKind;
import org.bellows.models.optimizer.GradientClip;
import org.bellows.models.optimizer.LayerwiseRate;
import org.bellows.models.optimizer.Optimizer;
import org.bellows.models.optimizer.Optimizers;
import org.bellows.models.optimizer.WeightPull;
import org.bellows.worker.collective.ShardedVector;
import org.bellows.worker.collective.Shares.Share;
import org.bellows.worker.tune.ArrayGroups;

/**
 * The update of the slice that one rank owns: sums over lanes become means, which are clipped;
 * trainable parameters are moved, each array with its group's rate, running statistics' moments are
 * averaged, what is frozen is left alone. The vector may be longer than the layout: what comes
 * after the parameters is averaged over samples (the loss).
 */
final class SliceUpdate {
  private final ShardedVector sharded;
  private final Share owned;
  private final ArrayNorms norms;
  private final GradientClip clip;
  private final LayerwiseRate layerwise;
  private final WeightPull pull;
  private final Optimizer optimizer;
  private final float[][] state;
  private final MovingAverage average;

  /**
   * The owned parameters before they are rounded to be sent, or null where they are not: small
   * updates would be lost in rounded ones (Micikevicius et al. 2018, section 3.1).
   */
  private final float[] master;

  private final int globalBatch;
  private final int lanes;
  private ArrayGroups groups;

  SliceUpdate(ArrayGroups groups, ShardedVector sharded, Settings settings, ArrayNorms norms) {
    this.groups = groups;
    this.sharded = sharded;
    this.owned = sharded.owned();
    this.norms = norms;
    this.clip = new GradientClip(settings.optimizer());
    this.layerwise = new LayerwiseRate(settings.optimizer());
    this.pull = new WeightPull(settings.optimizer());
    this.optimizer = Optimizers.of(settings.optimizer(), settings.schedule().baseLr());
    this.state = new float[optimizer.stateSize()][owned.length()];
    double decay = settings.optimizer().averageDecay();
    this.average = decay == 0 ? null : new MovingAverage(owned, decay);
    this.master = sharded.isRounding() ? new float[owned.length()] : null;
    this.globalBatch = settings.train().globalBatch();
    this.lanes = settings.train().lanes();
  }

  /** From now on arrays learn as these say; the optimizer's state stays. */
  void begin(ArrayGroups others) {
    groups = others;
  }

  private FlatLayout layout() {
    return groups.layout();
  }

  /**
   * What a checkpoint must hold of the owned slice: the optimizer's state arrays, the parameters
   * before rounding, where they are rounded, and, where there is one, the parameters' moving
   * average as the last, each [owned length].
   */
  List<float[]> state() {
    List<float[]> all = new ArrayList<>(List.of(state));
    if (master != null) {
      all.add(master);
    }
    if (average != null) {
      all.add(average.values());
    }
    return all;
  }

  /**
   * @param whole what {@link #state} gave, slices joined [at least the end of the owned slice]
   */
  void restore(List<float[]> whole) {
    List<float[]> all = state();
    for (int i = 0; i < all.size(); i++) {
      int end = Math.min(owned.to(), whole.get(i).length);
      System.arraycopy(whole.get(i), owned.from(), all.get(i), 0, Math.max(0, end - owned.from()));
    }
  }

  /** Where a run starts, the average is the parameters themselves, which are not rounded yet. */
  void beginFrom(float[] vector) {
    if (average != null) {
      average.set(vector);
    }
    if (master != null) {
      sharded.copyRounded(vector, owned.from(), master, 0);
    }
  }

  boolean hasAverage() {
    return average != null;
  }

  /**
   * @param vector flat, with the running statistics merged
   * @param step updates done before the one that led there
   */
  void average(float[] vector, long step) {
    if (average != null) {
      average.update(vector, step + 1);
    }
  }

  /** Puts the owned slice's average into its place of a flat vector. */
  void readAverage(float[] vector) {
    average.read(vector);
  }

  /**
   * All ranks call it.
   *
   * @param vector flat vector; its owned slice is overwritten
   * @param sums over all lanes of the owned slice [owned length]; turned into means
   * @param step updates done before this one
   */
  void applyInPlace(float[] vector, float[] sums, long step, double learningRate) {
    if (master != null) {
      sharded.copyRounded(master, 0, vector, owned.from());
    }
    meansInPlace(vector, sums);
    boolean needsNorms = clip.needsNorm() || layerwise.needsNorms();
    ArrayNorms.Squares squares =
        needsNorms ? norms.of("step " + step, layout().segments().size(), vector, sums) : null;
    double shrink = clip.needsNorm() ? clip.factor(Math.sqrt(squares.gradient())) : 1;
    for (int array = 0; array < layout().segments().size(); array++) {
      Segment segment = layout().segments().get(array);
      int from = Math.max(owned.from(), segment.offset());
      int to = Math.min(owned.to(), segment.end());
      if (from < to && segment.kind().isTrainable()) {
        scaleInPlace(sums, from, to, (float) shrink);
        Optimizer.Stretch stretch =
            new Optimizer.Stretch(
                from,
                to,
                owned.from(),
                learningRate * groups.rateFactors()[array],
                step - groups.firstSteps()[array]);
        if (segment.kind() == ParameterKind.WEIGHT) {
          pull.applyInPlace(vector, sums, stretch);
          if (layerwise.needsNorms()) {
            scaleInPlace(sums, from, to, (float) layerwiseFactor(squares, array, shrink));
          }
        }
        optimizer.updateInPlace(vector, sums, state, stretch);
      }
    }
    if (master != null) {
      sharded.copyRounded(vector, owned.from(), master, 0);
    }
  }

  private double layerwiseFactor(ArrayNorms.Squares squares, int array, double shrink) {
    return layerwise.factor(
        Math.sqrt(squares.parameters()[array]), shrink * Math.sqrt(squares.gradients()[array]));
  }

  /** Gradients: over samples, then cut. Statistics' moments and the loss go into the vector. */
  private void meansInPlace(float[] vector, float[] sums) {
    for (Segment segment : layout().segments()) {
      int from = Math.max(owned.from(), segment.offset());
      int to = Math.min(owned.to(), segment.end());
      if (from < to && segment.kind().isTrainable()) {
        scaleInPlace(sums, from, to, 1f / globalBatch);
        clip.cutInPlace(sums, from - owned.from(), to - owned.from());
      } else if (from < to && segment.kind().isStatistic()) {
        scaleInPlace(sums, from, to, 1f / lanes);
        System.arraycopy(sums, from - owned.from(), vector, from, to - from);
      }
    }
    int behind = Math.max(owned.from(), layout().length());
    if (behind < owned.to()) {
      scaleInPlace(sums, behind, owned.to(), 1f / globalBatch);
      System.arraycopy(sums, behind - owned.from(), vector, behind, owned.to() - behind);
    }
  }

  private void scaleInPlace(float[] sums, int from, int to, float factor) {
    if (factor == 1) {
      return;
    }
    for (int i = from - owned.from(); i < to - owned.from(); i++) {
      sums[i] *= factor;
    }
  }
}
