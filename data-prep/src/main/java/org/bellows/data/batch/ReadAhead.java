// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.batch;

import org.bellows.conf.Settings;

/**
 * How far batches are made ahead of the caller, and where samples are buffered.
 *
 * @param decodeThreads that decode and augment, one batch each at a time
 * @param prefetchBatches that are ready or in work
 * @param bufferBytes of encoded images that are buffered in the heap to be shuffled; more are
 *     buffered on the local disk
 * @param folder for that; empty: Java's temporary folder
 */
public record ReadAhead(int decodeThreads, int prefetchBatches, long bufferBytes, String folder) {
  private static final long MEBIBYTE = 1 << 20;

  public ReadAhead {
    if (decodeThreads < 1 || prefetchBatches < 1 || bufferBytes < 0) {
      throw new IllegalArgumentException(
          "%d decode threads, %d prefetched batches and %d bytes, expected at least 1, 1 and 0"
              .formatted(decodeThreads, prefetchBatches, bufferBytes));
    }
  }

  /** All that waits does so in the heap. */
  public ReadAhead(int decodeThreads, int prefetchBatches) {
    this(decodeThreads, prefetchBatches, Long.MAX_VALUE, "");
  }

  public static ReadAhead of(Settings.Data data) {
    return new ReadAhead(
        data.decodeThreads(),
        data.prefetchBatches(),
        data.bufferMebibytes() * MEBIBYTE,
        data.cachePath());
  }
}
