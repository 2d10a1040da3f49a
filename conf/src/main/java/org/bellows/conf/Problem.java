// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.conf;

/** One thing that is wrong with a configuration: the key and a sentence with value and range. */
public record Problem(String key, String message) {
  @Override
  public String toString() {
    return key + ": " + message;
  }
}
