/**
 * From a decoded picture to the network's input. A new geometric augmentation is one record that
 * implements {@link org.bellows.data.augment.Augmentation}, one line in {@link
 * org.bellows.data.augment.Augmentations} and one test.
 *
 * <p>An augmentation only says where the picture goes ({@link org.bellows.data.augment.Placement});
 * it sees the picture's size, not its pixels. That lets the renderer decode a large JPEG at reduced
 * size, and keeps every random number a function of (seed, epoch, sample id).
 */
package org.bellows.data.augment;
