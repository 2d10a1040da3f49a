package org.bellows.benchmark;

import java.util.List;
import org.bellows.conf.Settings;
import org.bellows.models.network.InputShape;
import org.bellows.models.network.NetworkDefinition;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.regularization.L2Regularization;

/**
 * A network as a user of DL4J would train it: DL4J's own updater and weight decay in each layer.
 */
public final class Dl4jNetwork {
  private static final String HELPERS_OFF = "org.eclipse.deeplearning4j.helpers.disable";

  private Dl4jNetwork() {}

  public static ComputationGraphConfiguration of(
      NetworkDefinition network, InputShape input, int classes, Settings settings) {
    ComputationGraphConfiguration configuration =
        network.builder().build(input, classes, settings.train().seed());
    double rate = settings.schedule().baseLr();
    for (GraphVertex vertex : configuration.getVertices().values()) {
      if (vertex instanceof LayerVertex holder
          && holder.getLayerConf().getLayer() instanceof BaseLayer layer) {
        layer.setIUpdater(new Nesterovs(rate, settings.optimizer().momentum()));
        layer.setRegularization(List.of(new L2Regularization(settings.optimizer().weightDecay())));
      }
    }
    return configuration;
  }

  /**
   * As DL4J is shipped: graphs that this process makes from here on do without oneDNN's layers.
   *
   * @return what the system property was before
   */
  public static String switchHelpersOff() {
    return System.setProperty(HELPERS_OFF, "true");
  }

  public static void restoreHelpers(String before) {
    System.setProperty(HELPERS_OFF, before);
  }
}
