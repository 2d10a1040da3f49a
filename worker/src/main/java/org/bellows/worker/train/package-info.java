// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * The training loop of one rank: batches, lanes and the modes in which ranks agree. {@link
 * org.bellows.worker.train.update} changes the parameters, {@link org.bellows.worker.train.cost}
 * knows what it all costs.
 */
package org.bellows.worker.train;
