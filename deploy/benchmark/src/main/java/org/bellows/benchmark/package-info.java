/**
 * Measurements of Bellows beside other people's software. Never part of the bundle: what is needed
 * for it is downloaded by whoever measures. Nothing of Bellows may import anything from here.
 */
package org.bellows.benchmark;
