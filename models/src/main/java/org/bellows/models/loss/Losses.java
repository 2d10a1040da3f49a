package org.bellows.models.loss;

import org.bellows.conf.Settings;
import org.bellows.models.network.NetworkDefinition;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/** Puts what {@code loss.*} asks for in the place of a network's own loss. */
public final class Losses {
  private Losses() {}

  /**
   * A network whose heads take weighted targets and, with a teacher, its answers behind them; the
   * network itself where its own loss will do. An auxiliary head keeps what it counts.
   */
  public static NetworkDefinition taught(NetworkDefinition network, Settings.Loss loss) {
    if (!loss.hasTeacher() && loss.classWeights().areAlike()) {
      return network;
    }
    return network.withGraph(
        graph -> graph.getVertices().values().forEach(vertex -> replaceInPlace(vertex, loss)));
  }

  private static void replaceInPlace(GraphVertex vertex, Settings.Loss loss) {
    if (vertex instanceof LayerVertex holder) {
      Layer layer = holder.getLayerConf().getLayer();
      if (layer instanceof BaseOutputLayer head) {
        head.setLossFn(replacement(head.getLossFn(), loss));
      } else if (layer instanceof LossLayer head) {
        head.setLossFn(replacement(head.getLossFn(), loss));
      }
    }
  }

  private static ILossFunction replacement(ILossFunction own, Settings.Loss loss) {
    return new TargetLoss(
        new HeadLoss(
            HeadLoss.of(own).factor(),
            loss.hasTeacher() ? loss.teacherShare() : 0,
            loss.teacherTemperature()));
  }
}
