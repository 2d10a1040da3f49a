// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.model.onnx;

import java.util.HashMap;
import java.util.Map;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.pretrained.ForeignParameter;
import org.bellows.models.pretrained.PretrainedForm;

/** A model's arrays with PyTorch's axes, which are ONNX's but for those of dense layers. */
final class Parameters {
  private final Map<String, ForeignParameter> byName = new HashMap<>();

  /**
   * @param flat the model's flat vector
   */
  Parameters(NetworkGraph graph, float[] flat) {
    for (ForeignParameter parameter : ForeignParameter.of(graph, flat, PretrainedForm.own(graph))) {
      byName.put(parameter.parameter(), parameter);
    }
  }

  /**
   * @param array name within the layer
   * @return a copy, last axis fastest
   */
  float[] values(String layer, String array) {
    return parameter(layer, array).read();
  }

  long[] shape(String layer, String array) {
    return parameter(layer, array).shape();
  }

  private ForeignParameter parameter(String layer, String array) {
    ForeignParameter parameter = byName.get(layer + "_" + array);
    if (parameter == null) {
      throw new IllegalArgumentException("layer %s has no parameter %s".formatted(layer, array));
    }
    return parameter;
  }
}
