// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.augment.render;

import org.bellows.data.augment.place.Placement;
import org.bellows.data.augment.planes.Normalizer;
import org.bellows.data.decode.image.ImageRefusedException;
import org.bellows.data.decode.image.RasterImage;
import org.bellows.data.shard.EncodedSample;

/**
 * From an encoded sample and its placement to the network's window: decoded, cut out, scaled. All
 * implementations make the same bits; they differ in what they take for granted. Threads share one.
 *
 * <p>Deviation from a full decode: {@link DecodeReduction}.
 */
public sealed interface SampleRenderer extends AutoCloseable
    permits CheckedRenderer, TrustedRenderer {
  /**
   * @param placement made for the sample's height and width
   * @return height x width of the window; channels as decoded
   * @throws ImageRefusedException when it cannot be decoded or is not of the sample's size
   */
  RasterImage render(EncodedSample sample, Placement placement);

  /**
   * {@link #render} and {@link Normalizer#normalise} in one.
   *
   * @param out gets channels x height x width from {@code offset} on
   */
  void renderNormalised(
      EncodedSample sample, Placement placement, Normalizer normaliser, float[] out, int offset);

  /** Releases native memory; what a thread is still using, when it is done. */
  @Override
  void close();
}
