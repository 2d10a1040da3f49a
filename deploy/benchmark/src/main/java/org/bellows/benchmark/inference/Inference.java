// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.inference;

/** Answers the same batch of images again and again. */
interface Inference extends AutoCloseable {
  void run();

  /** Of the last run: [samples, classes], or of each pixel [samples, classes, height, width]. */
  float[] probabilities();

  @Override
  void close();
}
