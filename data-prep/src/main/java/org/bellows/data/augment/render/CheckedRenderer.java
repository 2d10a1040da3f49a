package org.bellows.data.augment.render;

import org.bellows.data.augment.place.Placement;
import org.bellows.data.augment.planes.Normaliser;
import org.bellows.data.decode.ImageDecoder;
import org.bellows.data.decode.image.Pixels;
import org.bellows.data.shard.EncodedSample;

/**
 * Checks each file from end to end before it decodes it. The reference for {@link TrustedRenderer}.
 * Holds no native memory and need not be closed.
 */
public final class CheckedRenderer implements SampleRenderer {
  private final ImageDecoder decoder;
  private final PictureWindow window;

  public CheckedRenderer(ImageDecoder decoder, PictureWindow window) {
    this.decoder = decoder;
    this.window = window;
  }

  @Override
  public Pixels render(EncodedSample sample, Placement placement) {
    Pixels decoded = decoder.decode(sample, DecodeReduction.of(sample, placement));
    return window.draw(
        decoded, DecodeReduction.reduced(placement, sample, decoded.height(), decoded.width()));
  }

  @Override
  public void renderNormalised(
      EncodedSample sample, Placement placement, Normaliser normaliser, float[] out, int offset) {
    normaliser.normalise(render(sample, placement), out, offset);
  }

  @Override
  public void close() {
    // Nothing is held.
  }
}
