// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.conf;

/** What a step is computed on. */
public enum Device {
  CPU,
  GPU
}
