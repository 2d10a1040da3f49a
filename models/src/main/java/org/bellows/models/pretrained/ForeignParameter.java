package org.bellows.models.pretrained;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * One array of a network as another framework has it. Reads and writes the network's own array.
 *
 * <p>Where the two BatchNorms add different epsilons e to the variance v, the running variance is
 * stored as v_ours = v_theirs + e_theirs - e_ours, so that sqrt(v + e), and with it the network's
 * answer, is the same. A variance below the difference becomes negative by it, which does no harm.
 */
public final class ForeignParameter {
  private final String parameter;
  private final String name;
  private final long[] shape;

  /** Of our array, its axes in their order. */
  private final INDArray view;

  private final int outputAxis;
  private final int inputAxis;
  private final int[] outputs;
  private final int[] inputs;
  private final float added;

  private ForeignParameter(ComputationGraph graph, String parameter, PretrainedForm form) {
    this.parameter = parameter;
    String own = layer(parameter);
    String kind = parameter.substring(own.length() + 1);
    Layer layer = graph.getLayer(own).conf().getLayer();
    SourceLayer source = form.layers().get(own);
    INDArray array = graph.getParam(parameter);
    boolean torch = form.convention() == Convention.TORCH;
    boolean weight = kind.equals("W");
    this.name = source == null ? null : form.convention().arrayName(source.name(), kind);
    this.view = weight ? weights(array, layer, torch) : array.reshape(array.length());
    this.shape = foreignShape(source);
    this.outputAxis = torch || !weight ? 0 : view.rank() - 1;
    this.inputAxis = torch ? 1 : view.rank() - 2;
    this.outputs = source == null ? null : source.outputs();
    this.inputs = weight ? inputs(graph, own, source, torch) : null;
    this.added = added(layer, kind, form);
  }

  private static INDArray weights(INDArray array, Layer layer, boolean torch) {
    if (layer instanceof DepthwiseConvolution2D) {
      // Ours are [height, width, channels, 1].
      return torch ? array.permute(2, 3, 0, 1) : array;
    }
    if (array.rank() == 2) {
      // Ours are [in, out].
      return torch ? array.transpose() : array;
    }
    // Ours are [out, in, height, width].
    return torch ? array : array.permute(2, 3, 1, 0);
  }

  private long[] foreignShape(SourceLayer source) {
    long[] plain = view.shape();
    boolean pointwise = source != null && source.pointwise() && plain.length == 2;
    return pointwise ? new long[] {plain[0], plain[1], 1, 1} : plain;
  }

  private static int[] inputs(
      ComputationGraph graph, String layer, SourceLayer source, boolean torch) {
    LayerVertex vertex = (LayerVertex) graph.getConfiguration().getVertices().get(layer);
    if (!torch && vertex.getPreProcessor() instanceof CnnToFeedForwardPreProcessor map) {
      return channelsInnermost(map);
    }
    return source == null ? null : source.inputs();
  }

  /** We flatten [channels, height, width], they [height, width, channels]. */
  private static int[] channelsInnermost(CnnToFeedForwardPreProcessor map) {
    int channels = Math.toIntExact(map.getNumChannels());
    int area = Math.toIntExact(map.getInputHeight() * map.getInputWidth());
    int[] order = new int[channels * area];
    for (int i = 0; i < order.length; i++) {
      order[i] = i % area * channels + i / area;
    }
    return order;
  }

  private static float added(Layer layer, String kind, PretrainedForm form) {
    boolean variance = kind.equals(BatchNormalizationParamInitializer.GLOBAL_VAR);
    return variance && !Double.isNaN(form.epsilon())
        ? (float) (form.epsilon() - ((BatchNormalization) layer).getEps())
        : 0;
  }

  /** Every array of a network, in the order of its flat vector. */
  public static List<ForeignParameter> of(ComputationGraph graph, PretrainedForm form) {
    List<ForeignParameter> all = new ArrayList<>();
    for (String parameter : graph.paramTable().keySet()) {
      all.add(new ForeignParameter(graph, parameter, form));
    }
    return all;
  }

  /** The layer that DL4J's name of an array begins with. */
  public static String layer(String parameter) {
    return parameter.substring(0, parameter.lastIndexOf('_'));
  }

  /** DL4J's name: layer_array. */
  public String parameter() {
    return parameter;
  }

  /** The layer that it belongs to. */
  public String layer() {
    return layer(parameter);
  }

  /** Their name; null where their network has no such layer. */
  public String name() {
    return name;
  }

  /** Theirs. */
  public long[] shape() {
    return shape.clone();
  }

  /** What was added to each value on its way to us: their epsilon minus ours. */
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
    if (added != 0) {
      ordered = ordered == values ? values.clone() : ordered;
      for (int i = 0; i < ordered.length; i++) {
        ordered[i] += added;
      }
    }
    view.assign(Nd4j.create(ordered, view.shape(), 'c'));
  }

  /** Our values as they would have them, last axis fastest. */
  public float[] read() {
    float[] values = view.dup('c').data().asFloat();
    if (added != 0) {
      for (int i = 0; i < values.length; i++) {
        values[i] -= added;
      }
    }
    return reorder(values, false);
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
    for (int i = axis + 1; i < view.rank(); i++) {
      inner *= Math.toIntExact(view.size(i));
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
