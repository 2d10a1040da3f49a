/**
 * Encoding of pixels, where {@code prepare} is asked to store smaller images. Nothing is read here.
 */
package org.bellows.data.encode;
