// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.dl4j;

import java.util.Collection;
import org.bellows.models.layer.Activation;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * An activation that never overwrites its input. DL4J's own does in inference, though other
 * vertices may read the input, too, as in Xception's blocks.
 */
final class SeparateActivation extends ActivationLayer {
  private static final long serialVersionUID = 1L;

  SeparateActivation(Activation activation) {
    super(Dl4jWords.activation(activation));
  }

  @Override
  public Layer instantiate(
      NeuralNetConfiguration conf,
      Collection<TrainingListener> listeners,
      int index,
      INDArray parameters,
      boolean initialise,
      DataType type) {
    return OwnLayers.ready(new Run(conf, type), conf, listeners, index, parameters, initialise);
  }

  /** Computes on a copy. */
  private static final class Run extends org.deeplearning4j.nn.layers.ActivationLayer {
    private static final long serialVersionUID = 1L;

    Run(NeuralNetConfiguration conf, DataType type) {
      super(conf, type);
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
      INDArray copy = workspaces.dup(ArrayType.ACTIVATIONS, input, input.ordering());
      return layerConf().getActivationFn().getActivation(copy, training);
    }
  }
}
