// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Augmentations of the 8-bit picture after it was cropped and before it is normalised: rotation and
 * colour. One record an augmentation; none knows of datasets, settings or batches.
 *
 * <p>An augmentation never changes the arrays it is given: they may be the dataset's own.
 */
package org.bellows.data.augment.picture;
