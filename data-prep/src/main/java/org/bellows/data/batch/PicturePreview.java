package org.bellows.data.batch;

import org.bellows.data.augment.planes.Normaliser;
import org.bellows.data.augment.planes.Planes;
import org.bellows.data.decode.OpenCv;
import org.bellows.data.decode.image.Pixels;

/** What the network gets, turned back into pictures for people. */
public final class PicturePreview {
  private final InputSpec input;
  private final Normaliser normaliser;

  public PicturePreview(InputSpec input) {
    this.input = input;
    this.normaliser = new Normaliser(input.mean(), input.standardDeviation());
  }

  /**
   * @param values normalised pictures, channels x height x width each
   * @param offset where the picture begins
   * @return height x width x channels of the network
   */
  public Pixels of(float[] values, int offset) {
    return normaliser.denormalise(
        new Planes(values, offset, input.channels(), input.height(), input.width()));
  }

  /** The picture as a PNG file. */
  public static byte[] png(Pixels pixels) {
    return OpenCv.png(pixels);
  }
}
