// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.pretrained;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bellows.models.graph.NetworkGraph;

/**
 * A network under another project's names.
 *
 * @param source whose: "torchvision"
 * @param layers by our layer, in the network's order: theirs
 * @param epsilon the number that their BatchNorms add to the variance; NaN: the same as ours
 * @param remarks notes for a user, one sentence each: first of all differences between their
 *     network's results and ours
 */
public record PretrainedForm(
    String source,
    Convention convention,
    Map<String, SourceLayer> layers,
    double epsilon,
    ExpectedInput pictures,
    List<String> remarks) {
  /** The source of files that Bellows writes itself. */
  public static final String OWN = "bellows";

  /** The number that BatchNorm adds to the variance by default in PyTorch. */
  public static final double TORCH_EPSILON = 1e-5;

  /** PyTorch's arrays and usual epsilon, nothing to remark. */
  public static PretrainedForm torch(
      String source, Map<String, SourceLayer> layers, ExpectedInput pictures) {
    return new PretrainedForm(source, Convention.TORCH, layers, TORCH_EPSILON, pictures, List.of());
  }

  /** Bellows' own names of layers, with PyTorch's names and axes of arrays. */
  public static PretrainedForm own(NetworkGraph graph) {
    Map<String, SourceLayer> layers = new LinkedHashMap<>();
    for (NetworkGraph.Vertex vertex : graph.parameterOrder()) {
      if (!vertex.parameters().isEmpty()) {
        layers.put(vertex.name(), SourceLayer.of(vertex.name()));
      }
    }
    ExpectedInput plain = new ExpectedInput(new float[0], new float[0], 0);
    return new PretrainedForm(OWN, Convention.TORCH, layers, Double.NaN, plain, List.of());
  }

  public PretrainedForm epsilon(double other) {
    return new PretrainedForm(source, convention, layers, other, pictures, remarks);
  }

  public PretrainedForm remark(String... others) {
    return new PretrainedForm(source, convention, layers, epsilon, pictures, List.of(others));
  }
}
