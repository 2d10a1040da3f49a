/**
 * Work that is done ahead of whoever asks for its result, in order and within a bound: batches of a
 * dataset and images of a source go through the same {@link
 * org.bellows.data.ahead.OrderedPrefetcher}. Knows nothing of what is read.
 */
package org.bellows.data.ahead;
