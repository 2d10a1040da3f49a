package org.bellows.data.batch;

/**
 * What was computed of samples before and need not be computed, nor the sample decoded, again.
 * Threads share it.
 */
public interface SampleStore {
  /** Floats of one sample. */
  int length();

  /**
   * @param sampleId position in the split
   * @param out gets {@link #length} floats from the offset on
   * @return whether the sample was there
   */
  boolean read(long sampleId, float[] out, int offset);
}
