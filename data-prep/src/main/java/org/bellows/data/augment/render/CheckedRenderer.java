// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.augment.render;

import org.bellows.data.augment.place.Placement;
import org.bellows.data.augment.planes.Normalizer;
import org.bellows.data.decode.ImageDecoder;
import org.bellows.data.decode.image.RasterImage;
import org.bellows.data.shard.EncodedSample;

/**
 * Checks each file from end to end before it decodes it. The reference for {@link TrustedRenderer}.
 * Holds no native memory and need not be closed.
 */
public final class CheckedRenderer implements SampleRenderer {
  private final ImageDecoder decoder;
  private final TargetWindow window;

  public CheckedRenderer(ImageDecoder decoder, TargetWindow window) {
    this.decoder = decoder;
    this.window = window;
  }

  @Override
  public RasterImage render(EncodedSample sample, Placement placement) {
    RasterImage decoded = decoder.decode(sample, DecodeReduction.of(sample, placement));
    return window.draw(
        decoded, DecodeReduction.reduced(placement, sample, decoded.height(), decoded.width()));
  }

  @Override
  public void renderNormalised(
      EncodedSample sample, Placement placement, Normalizer normaliser, float[] out, int offset) {
    normaliser.normalise(render(sample, placement), out, offset);
  }

  @Override
  public void close() {
    // Nothing is held.
  }
}
