package org.bellows.models.layer;

import java.util.List;

/**
 * A pool; padding counts neither as a value nor in the divisor of an average.
 *
 * @param roundsUp whether the map becomes ceil(side / stride) and is padded for it as far as it
 *     must be, the smaller half at the top and left, whatever the window says (TensorFlow's SAME);
 *     else a window that would stick out is left away
 */
public record Pool(PoolingType type, Window window, boolean roundsUp) implements Layer {

  @Override
  public LayerShape output(List<LayerShape> inputs) {
    LayerShape.FeatureMap map = inputs.get(0).asMap();
    return roundsUp
        ? new LayerShape.FeatureMap(map.channels(), rounded(map.height()), rounded(map.width()))
        : window.output(map, map.channels());
  }

  private int rounded(int side) {
    return (side + window.stride() - 1) / window.stride();
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.pool(this);
  }
}
