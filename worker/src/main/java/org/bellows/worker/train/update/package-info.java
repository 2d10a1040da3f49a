// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * What new parameters are made of summed gradients by: means, clipping, the optimizer and what
 * moves with it, on the part that a rank owns. Where the sums come from is {@link
 * org.bellows.worker.train}'s.
 */
package org.bellows.worker.train.update;
