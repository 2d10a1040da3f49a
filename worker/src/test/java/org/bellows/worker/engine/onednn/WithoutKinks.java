package org.bellows.worker.engine.onednn;

import org.bellows.models.network.NetworkDefinition;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU6;
import org.nd4j.linalg.activations.impl.ActivationTanH;

/**
 * The same network with tanh instead of ReLU and means instead of maxima. Its gradient is
 * continuous: rounding changes it a little, and cannot flip a unit. With ReLU one unit of a deep
 * network whose argument rounds to the other side of 0 moves the gradient by a hundredth.
 */
final class WithoutKinks {
  private WithoutKinks() {}

  static NetworkDefinition of(NetworkDefinition network) {
    return network.withGraph(
        graph -> graph.getVertices().values().forEach(WithoutKinks::smoothInPlace));
  }

  private static void smoothInPlace(GraphVertex vertex) {
    if (!(vertex instanceof LayerVertex holder)) {
      return;
    }
    Layer layer = holder.getLayerConf().getLayer();
    if (layer instanceof BaseLayer weighted && hasKink(weighted.getActivationFn())) {
      weighted.setActivationFn(new ActivationTanH());
    } else if (layer instanceof ActivationLayer alone && hasKink(alone.getActivationFn())) {
      alone.setActivationFn(new ActivationTanH());
    } else if (layer instanceof SubsamplingLayer pool && pool.getPoolingType() == PoolingType.MAX) {
      pool.setPoolingType(PoolingType.AVG);
    } else if (layer instanceof GlobalPoolingLayer pool
        && pool.getPoolingType() == PoolingType.MAX) {
      pool.setPoolingType(PoolingType.AVG);
    }
  }

  private static boolean hasKink(IActivation activation) {
    return activation instanceof ActivationReLU || activation instanceof ActivationReLU6;
  }
}
