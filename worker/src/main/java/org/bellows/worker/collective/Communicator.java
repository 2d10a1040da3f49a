// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.collective;

import java.util.List;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;

/**
 * Ranks that swap floats, every rank with every other or with some. All ranks must make the same
 * calls in the same order; an exchange returns when this rank has sent and received everything.
 *
 * <p>{@link #exchange} and {@link #send} by one thread may run beside {@link #receive} by another,
 * with other ranks or in the other direction.
 *
 * <p>Failures are {@link org.bellows.conf.BellowsException} of category infrastructure that name
 * the missing rank, its address and what was being done; the exchange is unusable afterwards.
 */
public interface Communicator extends AutoCloseable {

  int rank();

  int size();

  /** Which ranks share a host. */
  Hosts hosts();

  /**
   * @param what is being done, for messages: "reduce-scatter of step 12"
   * @param among whether this rank swaps with another one, which says the same of this one; never
   *     asked for this rank
   * @param outgoing pieces for a rank, never asked for this rank
   * @param incoming where the pieces of a rank go; as many floats as that rank sends
   */
  void exchange(
      String what,
      IntPredicate among,
      IntFunction<List<BufferRegion>> outgoing,
      IntFunction<List<BufferRegion>> incoming);

  /** Likewise, with all other ranks. */
  default void exchange(
      String what,
      IntFunction<List<BufferRegion>> outgoing,
      IntFunction<List<BufferRegion>> incoming) {
    exchange(what, other -> true, outgoing, incoming);
  }

  /**
   * The first half of an exchange with the ranks of {@code among}: returns when everything has been
   * handed to the network, which may be before the other rank calls {@link #receive}: what a rank
   * sends is received in the order in which it was sent.
   */
  void send(String what, IntPredicate among, IntFunction<List<BufferRegion>> outgoing);

  /** The second half, likewise: returns when everything has arrived. */
  void receive(String what, IntPredicate among, IntFunction<List<BufferRegion>> incoming);

  /**
   * Whether this rank computes while it exchanges: then a thread that has nothing to send or
   * receive at the moment leaves its processor at once. May be called during an exchange.
   */
  default void onComputing(boolean computes) {}

  @Override
  void close();
}
