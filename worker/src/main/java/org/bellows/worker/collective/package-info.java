// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * How ranks exchange vectors: the interface ({@link org.bellows.worker.collective.Communicator}),
 * what is sent ({@link org.bellows.worker.collective.BufferRegion}), the exchange of a single rank,
 * and how a lost rank is reported. {@code transport} carries the bytes over TCP, {@code reduce}
 * sums vectors in a fixed order with any exchange; neither imports the other. Independent of Spark,
 * which tells ranks the session and each other's addresses.
 */
package org.bellows.worker.collective;
