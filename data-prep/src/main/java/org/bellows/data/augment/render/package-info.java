// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Carries out placements: from an encoded picture ({@link
 * org.bellows.data.augment.render.SampleRenderer}) or its label map ({@link
 * org.bellows.data.augment.render.MaskRenderer}) to the pixels of the network's window. Two ways
 * make the same bits: {@link org.bellows.data.augment.render.CheckedRenderer} distrusts files,
 * {@link org.bellows.data.augment.render.TrustedRenderer} is for files that were checked before. No
 * random number is drawn here.
 */
package org.bellows.data.augment.render;
