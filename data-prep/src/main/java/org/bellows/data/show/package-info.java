/**
 * Pictures for people: samples as thumbnails, and many of them on one sheet. Knows nothing of
 * datasets or augmentations; whoever asks brings the pictures.
 */
package org.bellows.data.show;
