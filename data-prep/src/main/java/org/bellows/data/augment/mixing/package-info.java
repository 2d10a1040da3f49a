// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Augmentations that mix the samples of one lane batch, and their labels with them. One record an
 * augmentation. Partners come from the same lane batch, so that a lane needs no other lane's data.
 */
package org.bellows.data.augment.mixing;
