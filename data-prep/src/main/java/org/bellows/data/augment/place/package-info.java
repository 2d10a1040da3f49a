// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Where a picture goes in the network's input ({@link org.bellows.data.augment.place.Placement}),
 * and the interface of the rules that decide it ({@link
 * org.bellows.data.augment.place.Augmentation}). The rules themselves and everything that draws
 * pixels are above this package.
 */
package org.bellows.data.augment.place;
