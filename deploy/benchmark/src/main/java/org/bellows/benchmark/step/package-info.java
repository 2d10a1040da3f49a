// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * One training step on one machine: Bellows, DL4J as shipped, and PyTorch, all from one
 * {@link org.bellows.models.network.NetworkDefinition}. That they compute the same, forward and
 * backward, is tested.
 */
package org.bellows.benchmark.step;
