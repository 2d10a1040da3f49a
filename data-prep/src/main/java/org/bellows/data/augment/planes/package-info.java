// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * From 8-bit pixels to the network's floats, and what is done to those: PCA lighting, random
 * erasing, Cutout. One record an augmentation; none knows of datasets, settings or batches.
 */
package org.bellows.data.augment.planes;
