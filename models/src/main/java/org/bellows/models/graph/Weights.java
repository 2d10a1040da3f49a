package org.bellows.models.graph;

import org.deeplearning4j.nn.conf.distribution.NormalDistribution;
import org.deeplearning4j.nn.conf.distribution.TruncatedNormalDistribution;
import org.deeplearning4j.nn.conf.distribution.UniformDistribution;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.deeplearning4j.nn.weights.WeightInitDistribution;
import org.deeplearning4j.nn.weights.WeightInitRelu;
import org.deeplearning4j.nn.weights.WeightInitXavier;

/** How a layer's weights start. Biases start at 0 unless a family says otherwise. */
@FunctionalInterface
public interface Weights {
  /** He et al. 2015, "Delving deep into rectifiers", equation 10: N(0, 2 / fan-in). */
  Weights HE = (fanIn, fanOut) -> new WeightInitRelu();

  /** The same paper, equation 14: N(0, 2 / fan-out). */
  Weights HE_FAN_OUT = (fanIn, fanOut) -> normal(Math.sqrt(2.0 / fanOut));

  /**
   * Glorot and Bengio 2010, equation 12, as a normal distribution: N(0, 2 / (fan-in + fan-out)).
   * DL4J divides a convolution's fan-out by the square of its stride.
   */
  Weights XAVIER = (fanIn, fanOut) -> new WeightInitXavier();

  /** Glorot and Bengio 2010, equation 16: uniform in +-sqrt(6 / (fan-in + fan-out)). */
  Weights XAVIER_UNIFORM = (fanIn, fanOut) -> uniform(Math.sqrt(6.0 / (fanIn + fanOut)));

  /** Uniform in +-1 / sqrt(fan-out). */
  Weights UNIFORM_OVER_FAN_OUT = (fanIn, fanOut) -> uniform(1 / Math.sqrt(fanOut));

  /**
   * @param fanIn inputs that one output sees
   * @param fanOut outputs that one input reaches, strides not counted
   */
  IWeightInit of(long fanIn, long fanOut);

  static Weights gaussian(double deviation) {
    return (fanIn, fanOut) -> normal(deviation);
  }

  /** Gaussian, drawn again beyond two deviations. */
  static Weights truncated(double deviation) {
    return (fanIn, fanOut) ->
        new WeightInitDistribution(new TruncatedNormalDistribution(0, deviation));
  }

  private static IWeightInit uniform(double bound) {
    return new WeightInitDistribution(new UniformDistribution(-bound, bound));
  }

  private static IWeightInit normal(double deviation) {
    return new WeightInitDistribution(new NormalDistribution(0, deviation));
  }
}
