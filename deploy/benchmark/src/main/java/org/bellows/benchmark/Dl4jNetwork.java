// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark;

import java.util.List;
import java.util.Locale;
import org.bellows.conf.BellowsException;
import org.bellows.conf.OptimizerSettings;
import org.bellows.conf.part.TrainingSettings;
import org.bellows.models.dl4j.Dl4jGraph;
import org.bellows.models.graph.InputShape;
import org.bellows.models.network.NetworkDefinition;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.learning.regularization.L2Regularization;

/**
 * A network as a user of DL4J would train it: DL4J's own updater and weight decay in each layer.
 */
public final class Dl4jNetwork {
  private static final String HELPERS_OFF = "org.eclipse.deeplearning4j.helpers.disable";

  private Dl4jNetwork() {}

  /**
   * @param learningRate of every step
   */
  public static ComputationGraphConfiguration of(
      NetworkDefinition network,
      InputShape input,
      int classes,
      TrainingSettings settings,
      double learningRate) {
    ComputationGraphConfiguration configuration =
        Dl4jGraph.configuration(network.graph(input, classes), settings.train().seed());
    for (GraphVertex vertex : configuration.getVertices().values()) {
      if (vertex instanceof LayerVertex holder
          && holder.getLayerConf().getLayer() instanceof BaseLayer layer) {
        layer.setIUpdater(updater(settings.optimizer(), learningRate));
        layer.setRegularization(List.of(new L2Regularization(settings.optimizer().weightDecay())));
      }
    }
    return configuration;
  }

  private static IUpdater updater(OptimizerSettings optimizer, double rate) {
    return switch (optimizer.name()) {
      case SGD -> new Sgd(rate);
      case NESTEROV -> new Nesterovs(rate, optimizer.momentum());
      case ADAM -> new Adam(rate, optimizer.beta1(), optimizer.beta2(), optimizer.epsilon());
      case MOMENTUM, RMSPROP, ADAMW, ADABOUND, AMSBOUND, LARS, LAMB, LION ->
          throw BellowsException.configuration(
              "optimizer.name is %s, but DL4J trains with one of sgd, nesterov, adam here"
                  .formatted(optimizer.name().name().toLowerCase(Locale.ROOT)));
    };
  }

  /**
   * As DL4J is shipped: graphs that this process makes from here on do without oneDNN's layers.
   *
   * @return the earlier value of the system property
   */
  public static String switchHelpersOff() {
    return System.setProperty(HELPERS_OFF, "true");
  }

  public static void restoreHelpers(String before) {
    System.setProperty(HELPERS_OFF, before);
  }
}
