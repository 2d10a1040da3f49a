// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.pretrained;

import java.util.LinkedHashMap;
import java.util.Map;

/** Our layer's name to theirs, written down line by line. */
public final class LayerTable {
  private final Map<String, SourceLayer> layers = new LinkedHashMap<>();

  public LayerTable add(String own, SourceLayer theirs) {
    if (layers.put(own, theirs) != null) {
      throw new IllegalArgumentException("layer " + own + " is named twice");
    }
    return this;
  }

  public LayerTable add(String own, String theirs) {
    return add(own, SourceLayer.of(theirs));
  }

  /** A convolution and its BatchNorm, "own-norm". */
  public LayerTable withNorm(String own, String convolution, String norm) {
    return add(own, convolution).add(own + "-norm", norm);
  }

  public Map<String, SourceLayer> layers() {
    return layers;
  }
}
