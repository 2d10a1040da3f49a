// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * The order of samples: a pure function of (block sizes, seed, epoch, lane), without input or
 * output. Any worker can compute any lane's order, so the number of workers does not matter to a
 * run.
 */
package org.bellows.data.order;
