package org.bellows.worker.model.torch;

import java.util.List;

/** Python's. */
record Tuple(List<Object> items) {
  int size() {
    return items.size();
  }
}
