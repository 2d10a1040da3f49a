// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.model.torch;

import java.util.List;

/** Python's. */
record PickleTuple(List<Object> items) {
  int size() {
    return items.size();
  }
}
