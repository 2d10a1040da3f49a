// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.dl4j;

import java.util.Collection;
import org.bellows.models.layer.BatchNorm;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A BatchNorm that takes the running statistics in training, too, and leaves them as they are. */
final class FrozenNorm extends BatchNormalization {
  private static final long serialVersionUID = 1L;

  FrozenNorm(BatchNorm norm) {
    setUseLogStd(false);
    setEps(norm.epsilon());
    setDecay(norm.decay());
    setGamma(norm.gamma());
  }

  @Override
  public Layer instantiate(
      NeuralNetConfiguration conf,
      Collection<TrainingListener> listeners,
      int index,
      INDArray parameters,
      boolean initialise,
      DataType type) {
    return OwnLayers.ready(
        new FrozenNormRun(conf, type), conf, listeners, index, parameters, initialise);
  }
}
