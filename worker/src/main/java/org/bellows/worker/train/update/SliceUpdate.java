// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.train.update;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.bellows.conf.OptimizerSettings;
import org.bellows.conf.part.TrainingSettings;
import org.bellows.models.layer.ParameterKind;
import org.bellows.models.network.FlatLayout;
import org.bellows.models.network.FlatLayout.ParameterSlot;
import org.bellows.models.optimizer.GradientClip;
import org.bellows.models.optimizer.LarsTrustRatio;
import org.bellows.models.optimizer.Optimizer;
import org.bellows.models.optimizer.Optimizer.ElementRange;
import org.bellows.models.optimizer.Optimizers;
import org.bellows.models.optimizer.WeightDecay;
import org.bellows.worker.collective.reduce.OwnedParts;
import org.bellows.worker.collective.reduce.OwnedParts.OwnedPart;
import org.bellows.worker.collective.reduce.ShardedVector;
import org.bellows.worker.parallel.VectorParts;
import org.bellows.worker.tune.ParameterGroups;

/**
 * The update of what one rank owns of the vector: sums over lanes become means, which are clipped;
 * trainable parameters are moved, each array with its group's rate, running statistics' moments are
 * averaged, what is frozen is left alone. The vector may be longer than the layout: what comes
 * after the parameters is averaged over samples (the loss).
 */
public final class SliceUpdate {
  /** Sums, parameters and a state array of a piece take 48 KiB. */
  private static final int PIECE_FLOATS = 4096;

  private final ShardedVector sharded;
  private final OwnedParts owned;
  private final ParameterNorms norms;
  private final VectorParts parts;
  private final GradientClip clip;
  private final LarsTrustRatio layerwise;
  private final WeightDecay pull;
  private final Optimizer optimizer;
  private final float[][] state;
  private final MovingAverage average;

  /**
   * The owned parameters before they are rounded to be sent, or null where they are not: small
   * updates would be lost in rounded ones (Micikevicius et al. 2018, section 3.1).
   */
  private final float[] master;

  /** Samples of all lanes that are summed. */
  private final int samples;

  private ParameterGroups groups;

  /**
   * @param parts how elements are divided
   */
  public SliceUpdate(
      ParameterGroups groups,
      ShardedVector sharded,
      TrainingSettings settings,
      ParameterNorms norms,
      VectorParts parts) {
    this.groups = groups;
    this.sharded = sharded;
    this.owned = sharded.owned();
    this.norms = norms;
    this.parts = parts;
    this.clip = new GradientClip(settings.optimizer());
    this.layerwise = new LarsTrustRatio(settings.optimizer());
    this.pull = new WeightDecay(settings.optimizer());
    this.optimizer = Optimizers.of(settings.optimizer(), settings.schedule().baseLr());
    StateArrays kept = StateArrays.of(settings);
    this.state = new float[kept.optimizer()][owned.length()];
    this.average =
        kept.average() ? new MovingAverage(owned, settings.optimizer().averageDecay()) : null;
    this.master = kept.master() ? new float[owned.length()] : null;
    this.samples = sharded.lanes() * settings.train().laneBatch();
  }

  /** How often an update has the ranks exchange {@link ParameterNorms}. */
  public static int exchangesOfNorms(OptimizerSettings settings) {
    boolean ofGradients = needsNorms(new GradientClip(settings), new LarsTrustRatio(settings));
    boolean ofDirections = settings.name() == OptimizerSettings.OptimizerName.LAMB;
    return (ofGradients ? 1 : 0) + (ofDirections ? 1 : 0);
  }

  private static boolean needsNorms(GradientClip clip, LarsTrustRatio layerwise) {
    return clip.needsNorm() || layerwise.needsNorms();
  }

  /**
   * Sets the groups of the next steps: rates, decay and which arrays are frozen. The optimizer's
   * state stays.
   */
  void enter(ParameterGroups others) {
    groups = others;
  }

  private FlatLayout layout() {
    return groups.layout();
  }

  /**
   * The arrays that a checkpoint must have for what is owned, as {@link StateArrays} lists them,
   * each [owned length].
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
   * @param whole the arrays of {@link #state}, of all ranks joined [at least the parameters]
   */
  void restore(List<float[]> whole) {
    List<float[]> all = state();
    for (int i = 0; i < all.size(); i++) {
      owned.read(whole.get(i), all.get(i));
    }
  }

  /** Where a run starts, the average is the parameters themselves, which are not rounded yet. */
  void beginFrom(float[] vector) {
    if (average != null) {
      average.set(vector);
    }
    if (master != null) {
      sharded.readRounded(vector, master);
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

  /** Puts the average of what is owned into its place of a flat vector. */
  void readAverage(float[] vector) {
    average.read(vector);
  }

  /**
   * All ranks call it. Memory is gone through once, piece by piece; twice where norms of whole
   * arrays must be known first.
   *
   * @param vector flat vector; what is owned of it is overwritten
   * @param sums over all lanes of what is owned [owned length]; overwritten
   * @param step updates done before this one
   */
  void applyInPlace(float[] vector, float[] sums, long step, double learningRate) {
    if (master != null) {
      sharded.writeRounded(master, vector);
    }
    ParameterNorms.Squares squares = squares(vector, sums, step);
    for (OwnedPart part : owned.parts()) {
      parts.run(
          part.from(),
          part.to(),
          (from, to) -> {
            OwnedPart some = part.within(from, to);
            for (int array = 0; array < layout().segments().size(); array++) {
              updateInPlace(vector, sums, change(array, squares, step, learningRate), some);
            }
          });
    }
    if (optimizer.givesDirection()) {
      int arrays = layout().segments().size();
      var squaresOfDirections = norms.of("directions of step " + step, arrays, vector, sums);
      LayerwiseMove.inPlace(vector, sums, owned, groups, squaresOfDirections, learningRate);
    }
    for (OwnedPart behind : owned.within(layout().length(), vector.length)) {
      scaleInPlace(sums, behind, 1f / samples);
      put(sums, behind, vector);
    }
    if (master != null) {
      sharded.readRounded(vector, master);
    }
  }

  /**
   * The norms of the arrays, of which the sums become means then.
   *
   * @return null where they are not needed
   */
  private ParameterNorms.Squares squares(float[] vector, float[] sums, long step) {
    if (!needsNorms(clip, layerwise)) {
      return null;
    }
    List<ParameterSlot> arrays = layout().segments();
    for (OwnedPart part : owned.parts()) {
      arrays.forEach(slot -> pieces(slot, part, piece -> meansInPlace(sums, slot, piece)));
    }
    return norms.of("step " + step, arrays.size(), vector, sums);
  }

  /**
   * How an array is changed.
   *
   * @param areMeans whether the sums are means already
   * @param shrink factor of the gradient
   * @param factor of the gradient of weights, after weight decay
   * @param rate the group's
   * @param since updates of the array before this one
   */
  private record Change(
      ParameterSlot slot, boolean areMeans, float shrink, float factor, double rate, long since) {}

  private Change change(int array, ParameterNorms.Squares squares, long step, double learningRate) {
    double shrink = clip.needsNorm() ? clip.factor(Math.sqrt(squares.gradient())) : 1;
    return new Change(
        layout().segments().get(array),
        squares != null,
        (float) shrink,
        squares == null ? 1 : layerwiseFactor(squares, array, shrink),
        learningRate * groups.lrMultipliers()[array],
        step - groups.firstSteps()[array]);
  }

  private void updateInPlace(float[] vector, float[] sums, Change change, OwnedPart part) {
    ParameterSlot slot = change.slot();
    pieces(
        slot,
        part,
        piece -> {
          if (!change.areMeans()) {
            meansInPlace(sums, slot, piece);
          }
          if (slot.kind().isTrainable()) {
            scaleInPlace(sums, piece, change.shrink());
            ElementRange range =
                new ElementRange(
                    piece.from(), piece.to(), piece.shift(), change.rate(), change.since());
            boolean isWeight = slot.kind() == ParameterKind.WEIGHT;
            if (isWeight && !optimizer.givesDirection()) {
              pull.applyInPlace(vector, sums, range);
              scaleInPlace(sums, piece, change.factor());
            }
            optimizer.updateInPlace(vector, sums, state, range);
            if (isWeight && optimizer.givesDirection()) {
              pull.applyInPlace(vector, sums, range);
            }
          } else if (slot.kind().isStatistic()) {
            put(sums, piece, vector);
          }
        });
  }

  private float layerwiseFactor(ParameterNorms.Squares squares, int array, double shrink) {
    return layerwise.needsNorms()
        ? (float)
            layerwise.factor(
                Math.sqrt(squares.parameters()[array]),
                shrink * Math.sqrt(squares.gradients()[array]))
        : 1;
  }

  /** What a part has of an array, in pieces that stay in a cache between one loop and the next. */
  private static void pieces(ParameterSlot slot, OwnedPart part, Consumer<OwnedPart> each) {
    int end = Math.min(part.to(), slot.end());
    for (int at = Math.max(part.from(), slot.offset()); at < end; at += PIECE_FLOATS) {
      each.accept(part.within(at, Math.min(end, at + PIECE_FLOATS)));
    }
  }

  /** Gradients: over samples, then cut. Moments of statistics: over lanes. */
  private void meansInPlace(float[] sums, ParameterSlot slot, OwnedPart piece) {
    if (slot.kind().isTrainable()) {
      scaleInPlace(sums, piece, 1f / samples);
      clip.cutInPlace(sums, piece.at(), piece.at() + piece.length());
    } else if (slot.kind().isStatistic()) {
      scaleInPlace(sums, piece, 1f / sharded.lanes());
    }
  }

  /** Into the same elements of the flat vector. */
  private void put(float[] sums, OwnedPart piece, float[] vector) {
    System.arraycopy(sums, piece.at(), vector, piece.from(), piece.length());
  }

  private void scaleInPlace(float[] sums, OwnedPart piece, float factor) {
    if (factor == 1) {
      return;
    }
    for (int i = piece.at(); i < piece.at() + piece.length(); i++) {
      sums[i] *= factor;
    }
  }
}
