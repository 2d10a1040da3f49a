package org.bellows.models.layer;

import java.util.List;

/**
 * Ioffe and Szegedy, "Batch Normalization", 2015, algorithms 1 and 2, each channel by itself: the
 * batch's moments in training, running means of them in inference.
 *
 * @param epsilon addend to the variance
 * @param decay share of the old running statistics that is kept; frameworks that speak of momentum
 *     m for the new share mean 1 - m
 * @param gamma where each scale starts
 */
public record BatchNorm(double epsilon, double decay, double gamma) implements Layer {
  /** The name of scales. */
  public static final String GAMMA = "gamma";

  /** The name of shifts. */
  public static final String BETA = "beta";

  /** The name of running means. */
  public static final String MEAN = "mean";

  /** The name of running variances. */
  public static final String VARIANCE = "var";

  @Override
  public LayerShape output(List<LayerShape> inputs) {
    return inputs.get(0);
  }

  @Override
  public List<ParameterArray> parameters(List<LayerShape> inputs) {
    List<Long> shape = List.of((long) inputs.get(0).channels());
    return List.of(
        new ParameterArray(GAMMA, shape, ParameterKind.UNDECAYED, 0),
        new ParameterArray(BETA, shape, ParameterKind.UNDECAYED, 0),
        new ParameterArray(MEAN, shape, ParameterKind.RUNNING_MEAN, decay),
        new ParameterArray(VARIANCE, shape, ParameterKind.RUNNING_VARIANCE, decay));
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.batchNorm(this);
  }
}
