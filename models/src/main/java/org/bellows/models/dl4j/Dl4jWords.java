// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.dl4j;

import org.bellows.models.layer.Activation;
import org.bellows.models.layer.InitialWeights;
import org.bellows.models.layer.PoolingType;
import org.deeplearning4j.nn.conf.distribution.NormalDistribution;
import org.deeplearning4j.nn.conf.distribution.TruncatedNormalDistribution;
import org.deeplearning4j.nn.conf.distribution.UniformDistribution;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.deeplearning4j.nn.weights.WeightInitConstant;
import org.deeplearning4j.nn.weights.WeightInitDistribution;
import org.deeplearning4j.nn.weights.WeightInitRelu;
import org.deeplearning4j.nn.weights.WeightInitXavier;

/** Poolings, activations and initial weights in DL4J's words. */
final class Dl4jWords {
  private Dl4jWords() {}

  static org.deeplearning4j.nn.conf.layers.PoolingType type(PoolingType type) {
    return switch (type) {
      case MAX -> org.deeplearning4j.nn.conf.layers.PoolingType.MAX;
      case AVG -> org.deeplearning4j.nn.conf.layers.PoolingType.AVG;
    };
  }

  static org.nd4j.linalg.activations.Activation activation(Activation activation) {
    return switch (activation) {
      case IDENTITY -> org.nd4j.linalg.activations.Activation.IDENTITY;
      case RELU -> org.nd4j.linalg.activations.Activation.RELU;
      case RELU6 -> org.nd4j.linalg.activations.Activation.RELU6;
      case TANH -> org.nd4j.linalg.activations.Activation.TANH;
      case SIGMOID -> org.nd4j.linalg.activations.Activation.SIGMOID;
      case SWISH -> org.nd4j.linalg.activations.Activation.SWISH;
    };
  }

  static IWeightInit weights(InitialWeights weights) {
    double value = weights.value();
    return switch (weights.kind()) {
      case HE -> new WeightInitRelu();
      case GLOROT -> new WeightInitXavier();
      case NORMAL -> new WeightInitDistribution(new NormalDistribution(0, value));
      case TRUNCATED_NORMAL ->
          new WeightInitDistribution(new TruncatedNormalDistribution(0, value));
      case ZERO -> new WeightInitConstant(0);
      case BILINEAR -> new BilinearWeights();
      case UNIFORM -> new WeightInitDistribution(new UniformDistribution(-value, value));
    };
  }
}
