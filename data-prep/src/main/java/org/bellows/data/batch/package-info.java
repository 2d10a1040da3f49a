// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * From a prepared dataset to float batches, read, decoded and augmented ahead of the caller. The
 * content of a batch is a function of (dataset, settings, seed, epoch, step, lane), never of
 * threads or timing.
 */
package org.bellows.data.batch;
