// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.torch.node;

import java.nio.FloatBuffer;
import java.util.List;
import org.bellows.models.layer.BatchNorm;
import org.bellows.models.layer.LayerShape;
import org.bellows.worker.engine.moments.GlobalMoments;
import org.bellows.worker.engine.moments.GlobalSlope;
import org.bellows.worker.engine.torch.pass.Pass;
import org.bytedeco.javacpp.BoolPointer;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.T_TensorTensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * BatchNorm (Ioffe and Szegedy 2015), with the biased variance.
 *
 * <p>Where the gradients of the running statistics r and s would stand it puts the batch's moments
 * about r: m - r and v + (m - r)^2 of mean m and variance v. With frozen statistics it takes those
 * in training, too, and has no gradient of them.
 *
 * <p>With moments over the global batch a lane's own are computed first, and the lanes meet; then
 * it is as if they were given. In the backward pass the lanes meet again ({@link GlobalSlope}).
 */
public final class BatchNormNode extends Node {
  /** Share of the batch in PyTorch's running statistics: these become the batch's. */
  private static final double WHOLE = 1;

  private final BatchNorm norm;
  private Tensor source;
  private Tensor mean;
  private Tensor variance;
  private Tensor batchMean;
  private Tensor inverseDeviation;

  public BatchNormNode(String name, LayerShape shape, Node input, BatchNorm norm) {
    super(name, shape, List.of(input));
    this.norm = norm;
  }

  @Override
  boolean isTrained() {
    return true;
  }

  @Override
  boolean isOutputFree() {
    return true;
  }

  private int channels() {
    return shape().channels();
  }

  private Tensor parameter(Pass pass, String which) {
    return pass.vectors().parameter(name() + "_" + which, channels());
  }

  private Tensor gradient(Pass pass, String which) {
    return pass.vectors().gradient(name() + "_" + which, channels());
  }

  /** Values of a channel in this lane. */
  private long values(Pass pass) {
    return pass.samples() * (shape().elements() / channels());
  }

  private boolean isOfBatch(Pass pass) {
    return pass.isTraining() && !norm.isFrozen();
  }

  @Override
  public boolean savesInput() {
    return true;
  }

  @Override
  Tensor compute(Pass pass) {
    source = save(pass, input().output());
    if (!isOfBatch(pass)) {
      mean = save(pass, parameter(pass, BatchNorm.MEAN));
      variance = save(pass, parameter(pass, BatchNorm.VARIANCE));
      return withGiven(parameter(pass, BatchNorm.GAMMA), parameter(pass, BatchNorm.BETA));
    }
    mean = save(pass, pass.device().zeros(channels()));
    variance = save(pass, pass.device().zeros(channels()));
    T_TensorTensorTensor_T results =
        torch.native_batch_norm(
            source,
            optional(parameter(pass, BatchNorm.GAMMA)),
            optional(parameter(pass, BatchNorm.BETA)),
            optional(mean),
            optional(variance),
            true,
            WHOLE,
            norm.epsilon());
    toBiasedInPlace(variance, values(pass));
    if (norm.isOverGlobalBatch()) {
      meet(pass);
      return withGiven(parameter(pass, BatchNorm.GAMMA), parameter(pass, BatchNorm.BETA));
    }
    batchMean = save(pass, element(results.get1()));
    inverseDeviation = save(pass, element(results.get2()));
    return element(results.get0());
  }

  /** PyTorch's running variance is that of n - 1; of one value it is no number. */
  private static void toBiasedInPlace(Tensor variance, long values) {
    if (values == 1) {
      variance.zero_();
    } else {
      variance.mul_(new Scalar((values - 1.0) / values));
    }
  }

  private static TensorOptional optional(Tensor tensor) {
    return new TensorOptional(tensor);
  }

  /** With the mean and variance that are known. */
  private Tensor withGiven(Tensor scale, Tensor shift) {
    T_TensorTensorTensor_T results =
        torch.native_batch_norm(
            source,
            optional(scale),
            optional(shift),
            optional(mean),
            optional(variance),
            false,
            0,
            norm.epsilon());
    return element(results.get0());
  }

  /** The lane's moments become those of all lanes. */
  private void meet(Pass pass) {
    float[] means = pass.device().read(mean);
    float[] variances = pass.device().read(variance);
    GlobalMoments.combineInPlace(
        pass.training().lanes(),
        name(),
        values(pass),
        FloatBuffer.wrap(means),
        FloatBuffer.wrap(variances));
    pass.device().write(means, mean);
    pass.device().write(variances, variance);
  }

  @Override
  void propagate(Pass pass, Tensor slope) {
    boolean ofLane = !norm.isFrozen() && !norm.isOverGlobalBatch();
    BoolPointer wanted = new BoolPointer(3);
    wanted.put(0, input().needsGradient());
    wanted.put(1, true);
    wanted.put(2, true);
    T_TensorTensorTensor_T slopes =
        torch.native_batch_norm_backward(
            slope,
            source,
            optional(parameter(pass, BatchNorm.GAMMA)),
            optional(mean),
            optional(variance),
            ofLane ? optional(batchMean) : new TensorOptional(),
            ofLane ? optional(inverseDeviation) : new TensorOptional(),
            ofLane,
            norm.epsilon(),
            wanted);
    gradient(pass, BatchNorm.GAMMA).copy_(slopes.get1());
    gradient(pass, BatchNorm.BETA).copy_(slopes.get2());
    if (!norm.isFrozen()) {
      putMoments(pass);
    }
    if (norm.isOverGlobalBatch()) {
      Tensor more = slopeOfMoments(pass, slopes);
      if (input().needsGradient()) {
        more.add_(slopes.get0());
        give(input(), more);
      }
    } else if (input().needsGradient()) {
      give(input(), element(slopes.get0()));
    }
  }

  private void putMoments(Pass pass) {
    Tensor shift = mean.sub(parameter(pass, BatchNorm.MEAN));
    gradient(pass, BatchNorm.MEAN).copy_(shift);
    gradient(pass, BatchNorm.VARIANCE).copy_(variance.add(shift.square()));
  }

  /** What the slope has because mean and variance depend on the values of all lanes. */
  private Tensor slopeOfMoments(Pass pass, T_TensorTensorTensor_T slopes) {
    float[] scale = new float[channels()];
    float[] shift = new float[channels()];
    GlobalSlope.Channels layer =
        new GlobalSlope.Channels(
            FloatBuffer.wrap(pass.device().read(parameter(pass, BatchNorm.GAMMA))),
            FloatBuffer.wrap(pass.device().read(variance)),
            FloatBuffer.wrap(pass.device().read(slopes.get1())),
            FloatBuffer.wrap(pass.device().read(slopes.get2())));
    GlobalSlope.combine(
        pass.training().lanes(),
        name(),
        values(pass),
        (float) norm.epsilon(),
        layer,
        FloatBuffer.wrap(scale),
        FloatBuffer.wrap(shift));
    return withGiven(pass.device().of(scale, channels()), pass.device().of(shift, channels()));
  }
}
