// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.step;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.bellows.models.layer.Kernel;
import org.bellows.models.layer.LayerShape;
import org.bellows.models.layer.LocalResponseNorm;
import org.bellows.models.layer.Pool;

/**
 * PyTorch's operators that DJL has no calls for: a TorchScript module that {@code
 * torch_operators.py} writes. It takes three arrays and some numbers, of which the first says what
 * is to be done.
 */
final class TorchOperators {
  private static final String MODULE = "operators.pt";
  private static final long TRANSPOSED = 0;
  private static final long POOL = 1;
  private static final long UNPOOL = 2;
  private static final long ALIGNED = 3;
  private static final long RESPONSE_NORM = 4;
  private static final long TO_BFLOAT16 = 5;
  private static final long TO_FLOAT32 = 6;
  private static final long RELU6 = 7;

  private final PtNDManager manager;
  private final PtSymbolBlock module;

  /** Where there is no array. */
  private final NDArray none;

  /**
   * @param manager of the module
   */
  TorchOperators(PtNDManager manager) {
    this.manager = manager;
    this.none = manager.zeros(new Shape(0));
    try (InputStream stream = TorchOperators.class.getResourceAsStream(MODULE)) {
      this.module = JniUtils.loadModule(manager, stream, false, false);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + MODULE, e);
    }
  }

  /** A result of one array or two. */
  @FunctionalInterface
  interface Operator {
    NDList apply(boolean training, NDArray... arrays);
  }

  /** Of input, weights and, where there is one, bias. */
  Operator transposed(Kernel kernel, int groups) {
    return operator(TRANSPOSED, kernel.stride(), kernel.padHeight(), kernel.padWidth(), groups);
  }

  /**
   * A max pool: what it gives, and the places of the maxima.
   *
   * @param size of the map
   */
  Operator pool(Pool pool, LayerShape.FeatureMap size) {
    Kernel kernel = pool.window();
    return operator(
        POOL,
        kernel.height(),
        kernel.width(),
        kernel.stride(),
        pool.top(size),
        pool.left(size),
        pool.roundsUp() ? 1 : 0);
  }

  /**
   * Of values and places, as {@link #pool} gives them.
   *
   * @param size of the map that the pool reads
   */
  Operator unpool(LayerShape.FeatureMap size) {
    return operator(UNPOOL, size.height(), size.width());
  }

  /** Bilinear between aligned corners, which DJL's call ignores. */
  Operator aligned(LayerShape.FeatureMap size) {
    return operator(ALIGNED, size.height(), size.width());
  }

  /** PyTorch divides alpha by the number of channels that are summed. */
  Operator responseNorm(LocalResponseNorm layer) {
    float alpha = (float) (LocalResponseNorm.CHANNELS * layer.alpha());
    NDArray given =
        manager.create(new float[] {alpha, (float) LocalResponseNorm.BETA, (float) layer.k()});
    Operator operator = operator(RESPONSE_NORM, LocalResponseNorm.CHANNELS);
    return (training, arrays) -> operator.apply(training, arrays[0], given);
  }

  /** Of an array of floats; DJL's own call ends the process. */
  Operator toBfloat16() {
    return operator(TO_BFLOAT16);
  }

  Operator toFloat32() {
    return operator(TO_FLOAT32);
  }

  /** DJL has a clamp between two bounds, whose backward pass takes longer. */
  Operator relu6() {
    return operator(RELU6);
  }

  private Operator operator(long... numbers) {
    NDArray given = manager.create(numbers);
    return (training, arrays) -> {
      NDList inputs = new NDList(arrays);
      while (inputs.size() < 3) {
        inputs.add(none);
      }
      inputs.add(given);
      return IValueUtils.forward(module, inputs, training);
    };
  }
}
