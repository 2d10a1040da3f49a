// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn.plan;

import java.util.ArrayList;
import java.util.List;

/** The arrays of a primitive by their kinds, DNNL_ARG_.... */
public final class Arguments {
  private final List<Integer> kinds = new ArrayList<>();
  private final List<Tensor> tensors = new ArrayList<>();

  public Arguments with(int kind, Tensor tensor) {
    kinds.add(kind);
    tensors.add(tensor);
    return this;
  }

  int size() {
    return kinds.size();
  }

  int kind(int index) {
    return kinds.get(index);
  }

  Tensor tensor(int index) {
    return tensors.get(index);
  }
}
