// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.batch;

import java.util.Optional;
import org.bellows.conf.BellowsException;
import org.bellows.data.shard.EncodedSample;

/** Gathers the label maps of a batch: all samples have one, or none has. */
final class MaskArray {
  private final int samples;
  private final int area;
  private Optional<byte[]> masks = Optional.empty();

  /**
   * @param area height x width
   */
  MaskArray(int samples, int area) {
    this.samples = samples;
    this.area = area;
  }

  /**
   * In the order of the samples.
   *
   * @param mask height x width labels, or null
   * @throws BellowsException (data) when some samples of the batch have one and others have not
   */
  void put(int index, EncodedSample sample, byte[] mask) {
    if (index == 0 && mask != null) {
      masks = Optional.of(new byte[samples * area]);
    }
    if (mask == null == masks.isPresent()) {
      throw BellowsException.data(
          "sample %d of the dataset (%s) has %s label map, the first of its batch has %s"
              .formatted(
                  sample.id(),
                  sample.source(),
                  mask == null ? "no" : "a",
                  mask == null ? "one" : "none"));
    }
    masks.ifPresent(all -> System.arraycopy(mask, 0, all, index * area, area));
  }

  /**
   * samples x height x width.
   *
   * @param first sample of the batch
   * @throws BellowsException (data) where there is none
   */
  byte[] required(EncodedSample first) {
    return masks.orElseThrow(
        () ->
            BellowsException.data(
                "sample %d of the dataset (%s) has no label map, a network that says a class of each pixel needs one"
                    .formatted(first.id(), first.source())));
  }

  /** samples x height x width. */
  Optional<byte[]> array() {
    return masks;
  }
}
