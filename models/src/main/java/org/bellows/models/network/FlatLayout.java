package org.bellows.models.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * How a graph's parameters lie in its flat vector of {@code length} floats.
 *
 * @param segments in order, without gaps
 */
public record FlatLayout(List<Segment> segments, int length) {

  /**
   * One parameter array.
   *
   * @param name layer_parameter, as DL4J calls it
   * @param offset first index in the flat vector
   * @param length number of floats
   * @param decay BatchNorm's weight of the old running statistics; 0 elsewhere
   */
  public record Segment(String name, int offset, int length, ParameterKind kind, double decay) {
    public int end() {
      return offset + length;
    }

    /** Name of the layer that it is a parameter of. */
    public String layer() {
      return name.substring(0, name.lastIndexOf('_'));
    }
  }

  /**
   * @throws IllegalStateException when the arrays are not consecutive views of the flat vector
   */
  public static FlatLayout of(ComputationGraph graph) {
    List<Segment> segments = new ArrayList<>();
    for (Map.Entry<String, INDArray> entry : graph.paramTable().entrySet()) {
      INDArray array = entry.getValue();
      String layer = entry.getKey().substring(0, entry.getKey().lastIndexOf('_'));
      String parameter = entry.getKey().substring(layer.length() + 1);
      segments.add(
          segment(
              graph.getLayer(layer).conf().getLayer(),
              entry.getKey(),
              parameter,
              Math.toIntExact(array.offset()),
              Math.toIntExact(array.length())));
    }
    segments.sort((a, b) -> Integer.compare(a.offset(), b.offset()));
    int end = 0;
    for (Segment segment : segments) {
      if (segment.offset() != end) {
        throw new IllegalStateException(
            "parameter %s starts at %d, expected %d"
                .formatted(segment.name(), segment.offset(), end));
      }
      end = segment.end();
    }
    if (end != graph.numParams()) {
      throw new IllegalStateException(
          "the parameters end at %d, the flat vector at %d".formatted(end, graph.numParams()));
    }
    return new FlatLayout(List.copyOf(segments), end);
  }

  private static Segment segment(
      org.deeplearning4j.nn.conf.layers.Layer layer,
      String name,
      String parameter,
      int offset,
      int length) {
    if (layer instanceof BatchNormalization normalization) {
      double decay = normalization.getDecay();
      return switch (parameter) {
        case BatchNormalizationParamInitializer.GLOBAL_MEAN ->
            new Segment(name, offset, length, ParameterKind.RUNNING_MEAN, decay);
        case BatchNormalizationParamInitializer.GLOBAL_VAR ->
            new Segment(name, offset, length, ParameterKind.RUNNING_VARIANCE, decay);
        case BatchNormalizationParamInitializer.GLOBAL_LOG_STD ->
            throw new IllegalStateException(
                name + " holds log10 of the deviation; networks must set useLogStd(false)");
        default -> new Segment(name, offset, length, ParameterKind.UNDECAYED, 0);
      };
    }
    boolean isWeight = layer.initializer().isWeightParam(layer, parameter);
    ParameterKind kind = isWeight ? ParameterKind.WEIGHT : ParameterKind.UNDECAYED;
    return new Segment(name, offset, length, kind, 0);
  }

  /** The same, with what belongs to these layers marked as frozen. */
  public FlatLayout frozen(Set<String> layers) {
    return new FlatLayout(
        segments.stream()
            .map(
                segment ->
                    layers.contains(segment.layer())
                        ? new Segment(
                            segment.name(),
                            segment.offset(),
                            segment.length(),
                            ParameterKind.FROZEN,
                            0)
                        : segment)
            .toList(),
        length);
  }

  public long trainableParameters() {
    return segments.stream()
        .filter(segment -> segment.kind().isTrainable())
        .mapToLong(Segment::length)
        .sum();
  }
}
