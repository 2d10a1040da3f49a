// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.step;

/** Takes training steps of one network on one batch: forward, backward, update. */
interface Contender extends AutoCloseable {

  /**
   * @return mean loss of the batch, before the update
   */
  double step();

  @Override
  void close();
}
