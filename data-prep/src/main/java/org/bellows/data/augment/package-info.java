// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * From a decoded picture to the network's input, in this order:
 *
 * <ol>
 *   <li>placement, here: crop, padding, scaling, mirror. A rule only says where the picture goes
 *       ({@link org.bellows.data.augment.place.Placement}); it sees the picture's size, not its
 *       pixels. That lets the renderer decode a large JPEG at reduced size.
 *   <li>{@code picture} and {@code autoaugment}: rotation, AutoAugment, colour jitter, on 8 bits
 *   <li>{@code planes}: normalisation, PCA lighting, random erasing, Cutout, on floats
 *   <li>{@code mixing}: mixup, CutMix, RICAP, on a lane batch
 * </ol>
 *
 * <p>Every random number of the first three is a function of (seed, epoch, sample id), with
 * repeats also of the repeat, of mixing one of (seed, epoch, lane, step). Augmentations that move pixels move the label map with them.
 *
 * <p>A new augmentation is one record that implements the interface of its stage, one line in
 * {@link org.bellows.data.augment.Augmentations}, one entry in {@link
 * org.bellows.data.augment.AugmentationCatalogue}, its settings, and one test.
 */
package org.bellows.data.augment;
