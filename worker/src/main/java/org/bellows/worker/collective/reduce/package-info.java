// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Sums of vectors over ranks: the fixed tree that sums are taken in ({@link
 * org.bellows.worker.collective.reduce.LaneTree}), the slices that ranks own ({@link
 * org.bellows.worker.collective.reduce.ShardedVector}), and rounding to 16 bits for the way over
 * the network. No sockets here: everything goes through an {@link
 * org.bellows.worker.collective.Communicator}.
 */
package org.bellows.worker.collective.reduce;
