// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.model.torch;

/** The name of something of Python's; never looked up. */
record PickleGlobal(String module, String name) {
  @Override
  public String toString() {
    return module + "." + name;
  }
}
