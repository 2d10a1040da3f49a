// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.dl4j;

import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.normalization.BatchNormalization;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Broadcast;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * {@link FrozenNorm} at work: y = gamma * x' + beta with x' = (x - mean) / sqrt(variance +
 * epsilon), so that with gradient e at the output that of x is e * gamma / sqrt(variance +
 * epsilon), of gamma the sum of e * x', of beta the sum of e.
 */
@SuppressWarnings("overrides") // DL4J's layers have equals without hashCode
final class FrozenNormRun extends BatchNormalization {
  private static final long serialVersionUID = 1L;

  FrozenNormRun(NeuralNetConfiguration conf, DataType type) {
    super(conf, type);
  }

  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspace) {
    INDArray output =
        workspace.createUninitialized(ArrayType.ACTIVATIONS, input.dataType(), input.shape());
    output.assign(normalised());
    Broadcast.mul(output, channels(BatchNormalizationParamInitializer.GAMMA), output, 1);
    return Broadcast.add(output, channels(BatchNormalizationParamInitializer.BETA), output, 1);
  }

  private INDArray normalised() {
    INDArray centred = input.dup('c');
    Broadcast.sub(centred, channels(BatchNormalizationParamInitializer.GLOBAL_MEAN), centred, 1);
    return Broadcast.mul(centred, inverseDeviation(), centred, 1);
  }

  private INDArray inverseDeviation() {
    INDArray variance = channels(BatchNormalizationParamInitializer.GLOBAL_VAR);
    return Transforms.pow(variance.addi(layerConf().getEps()), -0.5, false);
  }

  /** A copy, [channels]. */
  private INDArray channels(String parameter) {
    INDArray array = getParam(parameter);
    return array.dup('c').reshape(array.length());
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspace) {
    INDArray incoming =
        workspace.createUninitialized(ArrayType.ACTIVATION_GRAD, input.dataType(), input.shape());
    incoming.assign(epsilon);
    INDArray scale = channels(BatchNormalizationParamInitializer.GAMMA).muli(inverseDeviation());
    Broadcast.mul(incoming, scale, incoming, 1);
    Gradient all = new DefaultGradient();
    int[] others = {0, 2, 3};
    put(all, BatchNormalizationParamInitializer.GAMMA, epsilon.mul(normalised()).sum(others));
    put(all, BatchNormalizationParamInitializer.BETA, epsilon.sum(others));
    for (String statistic :
        List.of(
            BatchNormalizationParamInitializer.GLOBAL_MEAN,
            BatchNormalizationParamInitializer.GLOBAL_VAR)) {
      INDArray view = gradientViews.get(statistic);
      view.assign(0);
      all.setGradientFor(statistic, view);
    }
    return new Pair<>(all, incoming);
  }

  private void put(Gradient all, String parameter, INDArray values) {
    INDArray view = gradientViews.get(parameter);
    view.assign(values.reshape(view.shape()));
    all.setGradientFor(parameter, view);
  }
}
