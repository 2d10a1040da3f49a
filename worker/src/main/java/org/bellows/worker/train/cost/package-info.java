// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * What keeping the ranks together costs in memory, traffic and checkpoints, found from settings and
 * network alone. Nothing here trains.
 */
package org.bellows.worker.train.cost;
