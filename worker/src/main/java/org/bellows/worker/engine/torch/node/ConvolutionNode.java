// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.torch.node;

import java.util.Arrays;
import java.util.List;
import org.bellows.models.layer.Activation;
import org.bellows.models.layer.Convolution;
import org.bellows.models.layer.Kernel;
import org.bellows.models.layer.LayerShape;
import org.bellows.models.layer.ParameterArray;
import org.bellows.models.layer.TransposedConvolution;
import org.bellows.worker.engine.torch.pass.Pass;
import org.bytedeco.javacpp.BoolPointer;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.T_TensorTensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** A convolution, plain or transposed, with its bias and its activation. */
public final class ConvolutionNode extends Node {
  private static final long[] NONE = {0, 0};
  private static final long[] SAMPLES_AND_PIXELS = {0, 2, 3};

  private final Filters filters;
  private final Kernel kernel;
  private final Activation activation;
  private Tensor source;
  private Tensor weights;
  private Tensor activated;

  /**
   * @param channels of the output
   * @param groups of channels
   * @param isTransposed whether weights are [in, out / groups, height, width]
   * @param isTrained whether the weights learn; a bias does in any case
   */
  private record Filters(
      int channels, int groups, boolean hasBias, boolean isTransposed, boolean isTrained) {

    /** Weights in the flat vector are [height, width, channels, 1]. */
    boolean haveChannelsLast() {
      return groups > 1 && !isTransposed;
    }
  }

  public ConvolutionNode(String name, LayerShape shape, Node input, Convolution layer) {
    super(name, shape, List.of(input));
    this.filters = new Filters(layer.channels(), layer.groups(), layer.hasBias(), false, true);
    this.kernel = layer.window();
    this.activation = layer.activation();
  }

  public ConvolutionNode(String name, LayerShape shape, Node input, TransposedConvolution layer) {
    super(name, shape, List.of(input));
    this.filters =
        new Filters(layer.channels(), layer.groups(), layer.hasBias(), true, layer.isTrained());
    this.kernel = layer.window();
    this.activation = layer.activation();
  }

  @Override
  boolean isTrained() {
    return filters.isTrained() || filters.hasBias();
  }

  @Override
  boolean isOutputFree() {
    return activation == Activation.IDENTITY;
  }

  @Override
  public boolean savesInput() {
    return true;
  }

  @Override
  public boolean savesOutput() {
    return activation != Activation.IDENTITY && Activations.isDerivedFromResult(activation);
  }

  /** Sums before an activation whose derivative is computed from them. */
  @Override
  public long extraBytes(int map) {
    return Activations.isDerivedFromResult(activation) ? 0 : outputBytes(map);
  }

  /**
   * The gradient before the activation; and a copy of it after maps of one channel, which do not
   * tell in which order they are.
   */
  @Override
  public long workBytes(int map) {
    long slope = activation == Activation.IDENTITY ? 0 : outputBytes(map);
    return slope + (input().shape().channels() == 1 ? outputBytes(map) : 0);
  }

  @Override
  public long copiedWeights() {
    return Arrays.stream(weightShape()).reduce(1, (one, other) -> one * other);
  }

  @Override
  Tensor compute(Pass pass) {
    source = save(pass, input().output());
    weights = save(pass, weights(pass));
    TensorOptional bias =
        filters.hasBias()
            ? new TensorOptional(pass.asMap(pass.vectors().parameter(bias(), filters.channels())))
            : new TensorOptional();
    Tensor sums =
        pass.products(
            true,
            () ->
                torch.convolution(
                    source,
                    weights,
                    bias,
                    stride(),
                    padding(),
                    dilation(),
                    filters.isTransposed(),
                    NONE,
                    filters.groups()));
    Tensor result = Activations.applyInPlace(activation, sums);
    if (activation != Activation.IDENTITY) {
      activated = save(pass, Activations.isDerivedFromResult(activation) ? result : sums);
    }
    return result;
  }

  /** As PyTorch has them. */
  private Tensor weights(Pass pass) {
    return pass.inMapOrder(pass.asMap(ownWeights(pass)));
  }

  private Tensor ownWeights(Pass pass) {
    long[] shape = weightShape();
    if (!filters.haveChannelsLast()) {
      return pass.vectors().parameter(weightName(), shape);
    }
    return pass.vectors()
        .parameter(weightName(), kernel.height(), kernel.width(), filters.channels())
        .permute(2, 0, 1)
        .contiguous()
        .view(shape);
  }

  private long[] weightShape() {
    long seen = input().shape().channels();
    return filters.isTransposed()
        ? new long[] {seen, filters.channels() / filters.groups(), kernel.height(), kernel.width()}
        : new long[] {filters.channels(), seen / filters.groups(), kernel.height(), kernel.width()};
  }

  private String weightName() {
    return name() + "_" + ParameterArray.WEIGHTS;
  }

  private String bias() {
    return name() + "_" + ParameterArray.BIASES;
  }

  @Override
  void propagate(Pass pass, Tensor slope) {
    Tensor inner = Activations.slope(activation, slope, activated);
    BoolPointer wanted = new BoolPointer(3);
    wanted.put(0, input().needsGradient());
    wanted.put(1, filters.isTrained());
    wanted.put(2, filters.hasBias() && !pass.areMapsRounded());
    T_TensorTensorTensor_T slopes =
        pass.products(
            true,
            () ->
                torch.convolution_backward(
                    inner,
                    source,
                    weights,
                    new long[] {filters.channels()},
                    stride(),
                    padding(),
                    dilation(),
                    filters.isTransposed(),
                    NONE,
                    filters.groups(),
                    wanted));
    if (filters.isTrained()) {
      putWeights(pass, slopes.get1());
    }
    if (filters.hasBias()) {
      // PyTorch would round the sum.
      Tensor sum =
          pass.areMapsRounded()
              ? inner.sum(SAMPLES_AND_PIXELS, false, new ScalarTypeOptional(torch.ScalarType.Float))
              : slopes.get2();
      pass.vectors().gradient(bias(), filters.channels()).copy_(sum);
    }
    if (input().needsGradient()) {
      give(input(), element(slopes.get0()));
    }
  }

  private void putWeights(Pass pass, Tensor slope) {
    if (!filters.haveChannelsLast()) {
      pass.vectors().gradient(weightName(), weightShape()).copy_(slope);
      return;
    }
    long height = kernel.height();
    long width = kernel.width();
    pass.vectors()
        .gradient(weightName(), height, width, filters.channels())
        .copy_(slope.reshape(filters.channels(), height, width).permute(1, 2, 0));
  }

  private long[] stride() {
    return new long[] {kernel.stride(), kernel.stride()};
  }

  private long[] padding() {
    return new long[] {kernel.padHeight(), kernel.padWidth()};
  }

  private long[] dilation() {
    return new long[] {kernel.dilation(), kernel.dilation()};
  }
}
