package org.bellows.data.batch;

/**
 * How far batches are made ahead of whoever asks for them.
 *
 * @param decodeThreads that decode and augment, one batch each at a time
 * @param prefetchBatches that are ready or in work
 */
public record ReadAhead(int decodeThreads, int prefetchBatches) {
  public ReadAhead {
    if (decodeThreads < 1 || prefetchBatches < 1) {
      throw new IllegalArgumentException(
          "%d decode threads and %d prefetched batches, expected at least 1 of each"
              .formatted(decodeThreads, prefetchBatches));
    }
  }
}
