// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.pretrained;

import java.util.List;
import java.util.stream.IntStream;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.layer.BatchNorm;
import org.bellows.models.layer.Convolution;
import org.bellows.models.layer.LayerShape;
import org.bellows.models.layer.ParameterArray;
import org.bellows.models.layer.TransposedConvolution;

/**
 * One array of a network as another framework has it. Reads and writes the network's flat vector.
 *
 * <p>Where the two BatchNorms add different epsilons e to the variance v, the running variance is
 * stored as v_ours = v_theirs + e_theirs - e_ours, so that sqrt(v + e), and with it the network's
 * answer, is the same. A variance below the difference becomes negative by it, which does no harm.
 */
public final class ForeignParameter {
  private final NetworkGraph.Vertex vertex;
  private final String parameter;
  private final String name;

  /** The network's flat vector, and where our array starts in it. */
  private final float[] flat;

  private final int offset;

  /** The axes of our array, the slowest first. */
  private final int[] stored;

  /** At their axis: ours. */
  private final int[] axes;

  private final long[] shape;
  private final int outputAxis;
  private final int inputAxis;
  private final int[] outputs;
  private final int[] inputs;
  private final float added;

  private ForeignParameter(NetworkGraph.StoredArray ours, float[] flat, PretrainedForm form) {
    ParameterArray array = ours.array();
    this.vertex = ours.vertex();
    this.parameter = ours.name();
    this.flat = flat;
    this.offset = ours.offset();
    SourceLayer source = form.layers().get(vertex.name());
    boolean torch = form.convention() == Convention.TORCH;
    boolean weight = array.name().equals(ParameterArray.WEIGHTS);
    this.name = source == null ? null : form.convention().arrayName(source.name(), array.name());
    this.stored = stored(array);
    this.axes = weight ? axes(torch) : new int[] {0};
    this.shape = foreignShape(source);
    // A transposed convolution's weights have inputs where others have outputs.
    int swap = weight && vertex.layer() instanceof TransposedConvolution ? 1 : 0;
    this.outputAxis = torch || !weight ? swap : axes.length - 1 - swap;
    this.inputAxis = torch ? 1 - swap : axes.length - 2 + swap;
    this.outputs = source == null ? null : source.outputs();
    this.inputs = weight ? inputs(source, torch) : null;
    this.added = added(array, form);
  }

  /** A matrix [in, out] is stored column by column. */
  private static int[] stored(ParameterArray array) {
    int[] sizes = array.shape().stream().mapToInt(Math::toIntExact).toArray();
    return sizes.length == 2 ? new int[] {sizes[1], sizes[0]} : sizes;
  }

  private int[] axes(boolean torch) {
    boolean depthwise =
        vertex.layer() instanceof Convolution convolution && convolution.isDepthwise();
    if (depthwise) {
      // Ours are [height, width, channels, 1].
      return torch ? new int[] {2, 3, 0, 1} : new int[] {0, 1, 2, 3};
    }
    if (stored.length == 2) {
      // Ours are [out, in].
      return torch ? new int[] {0, 1} : new int[] {1, 0};
    }
    // Ours are [out, in, height, width], or [in, out, height, width] of a transposed convolution.
    return torch ? new int[] {0, 1, 2, 3} : new int[] {2, 3, 1, 0};
  }

  private long[] foreignShape(SourceLayer source) {
    long[] plain = IntStream.of(axes).mapToLong(axis -> stored[axis]).toArray();
    boolean pointwise = source != null && source.pointwise() && plain.length == 2;
    return pointwise ? new long[] {plain[0], plain[1], 1, 1} : plain;
  }

  private int[] inputs(SourceLayer source, boolean torch) {
    boolean flattens = stored.length == 2;
    if (!torch && flattens && vertex.inputShapes().get(0) instanceof LayerShape.FeatureMap map) {
      return channelsInnermost(map);
    }
    return source == null ? null : source.inputs();
  }

  /** We flatten [channels, height, width], they [height, width, channels]. */
  private static int[] channelsInnermost(LayerShape.FeatureMap map) {
    int area = map.height() * map.width();
    int[] order = new int[map.channels() * area];
    for (int i = 0; i < order.length; i++) {
      order[i] = i % area * map.channels() + i / area;
    }
    return order;
  }

  private float added(ParameterArray array, PretrainedForm form) {
    return vertex.layer() instanceof BatchNorm norm
            && array.name().equals(BatchNorm.VARIANCE)
            && !Double.isNaN(form.epsilon())
        ? (float) (form.epsilon() - norm.epsilon())
        : 0;
  }

  /**
   * Every array of a network, in the order of its flat vector.
   *
   * @param flat the network's flat vector, which {@link #write} changes
   */
  public static List<ForeignParameter> of(NetworkGraph graph, float[] flat, PretrainedForm form) {
    return graph.storedArrays().stream()
        .map(stored -> new ForeignParameter(stored, flat, form))
        .toList();
  }

  /** DL4J's name: layer_array. */
  public String parameter() {
    return parameter;
  }

  /** The layer that it belongs to. */
  public String layer() {
    return vertex.name();
  }

  /** Their name; null where their network has no such layer. */
  public String name() {
    return name;
  }

  /** Theirs. */
  public long[] shape() {
    return shape.clone();
  }

  /** The number that was added to each value on import: their epsilon minus ours. */
  public float added() {
    return added;
  }

  /**
   * Takes their values over.
   *
   * @param values theirs, last axis fastest; unchanged
   */
  public void write(float[] values) {
    float[] ordered = reorder(values, true);
    int[] places = places();
    for (int i = 0; i < places.length; i++) {
      flat[offset + places[i]] = added == 0 ? ordered[i] : ordered[i] + added;
    }
  }

  /** Our values as they would have them, last axis fastest. */
  public float[] read() {
    int[] places = places();
    float[] values = new float[places.length];
    for (int i = 0; i < values.length; i++) {
      float own = flat[offset + places[i]];
      values[i] = added == 0 ? own : own - added;
    }
    return reorder(values, false);
  }

  /** By their index: ours. */
  private int[] places() {
    int length = IntStream.of(stored).reduce(1, Math::multiplyExact);
    int[] strides = new int[stored.length];
    int step = 1;
    for (int axis = stored.length - 1; axis >= 0; axis--) {
      strides[axis] = step;
      step *= stored[axis];
    }
    int[] places = new int[length];
    int[] index = new int[axes.length];
    for (int i = 0, place = 0; i < length; i++) {
      places[i] = place;
      // Counts their index up, the last axis fastest.
      for (int axis = axes.length - 1; axis >= 0; axis--) {
        int stride = strides[axes[axis]];
        place += stride;
        index[axis]++;
        if (index[axis] < stored[axes[axis]]) {
          break;
        }
        place -= index[axis] * stride;
        index[axis] = 0;
      }
    }
    return places;
  }

  private float[] reorder(float[] values, boolean fromTheirs) {
    float[] result = values;
    if (outputs != null) {
      result = reorder(result, outputAxis, outputs, fromTheirs);
    }
    return inputs == null ? result : reorder(result, inputAxis, inputs, fromTheirs);
  }

  /**
   * @param order at our index: theirs
   */
  private float[] reorder(float[] values, int axis, int[] order, boolean fromTheirs) {
    int inner = 1;
    for (int i = axis + 1; i < axes.length; i++) {
      inner *= stored[axes[i]];
    }
    float[] result = new float[values.length];
    for (int start = 0; start < values.length; start += order.length * inner) {
      for (int ours = 0; ours < order.length; ours++) {
        int here = start + ours * inner;
        int there = start + order[ours] * inner;
        System.arraycopy(
            values, fromTheirs ? there : here, result, fromTheirs ? here : there, inner);
      }
    }
    return result;
  }
}
