// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.collective;

import java.util.List;
import java.util.function.IntFunction;

/**
 * Ranks that swap floats, every rank with every other. All ranks must make the same calls in the
 * same order; a call returns when this rank has sent and received everything.
 *
 * <p>Failures are {@link org.bellows.conf.BellowsException} of category infrastructure that name
 * the missing rank, its address and what was being done; the exchange is unusable afterwards.
 */
public interface Communicator extends AutoCloseable {

  int rank();

  int size();

  /**
   * @param what is being done, for messages: "reduce-scatter of step 12"
   * @param outgoing pieces for a rank, never asked for this rank
   * @param incoming where the pieces of a rank go; as many floats as that rank sends
   */
  void exchange(
      String what,
      IntFunction<List<BufferRegion>> outgoing,
      IntFunction<List<BufferRegion>> incoming);

  @Override
  void close();
}
