// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.batch;

/**
 * Results that were computed for samples before, so that neither the computation nor the decoding
 * is repeated. Threads share it.
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
