// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.model.torch;

import org.bellows.worker.model.tensor.ElementType;

/** A run of elements that tensors are views of. Its bytes stand elsewhere in the file. */
record TorchStorage(String key, ElementType type, long elements) {
  /** Both factors are bounded by what {@link TorchGlobals} lets through. */
  long bytes() {
    return elements * type.bytes();
  }
}
