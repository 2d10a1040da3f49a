// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.batch;

import org.bellows.data.augment.planes.ChannelPlanes;
import org.bellows.data.augment.planes.Normalizer;
import org.bellows.data.decode.OpenCv;
import org.bellows.data.decode.image.RasterImage;

/** The network's input, turned back into pictures for people. */
public final class PicturePreview {
  private final InputSpec input;
  private final Normalizer normaliser;

  public PicturePreview(InputSpec input) {
    this.input = input;
    this.normaliser = new Normalizer(input.mean(), input.standardDeviation());
  }

  /**
   * @param values normalised pictures, channels x height x width each
   * @param offset where the picture begins
   * @return height x width x channels of the network
   */
  public RasterImage of(float[] values, int offset) {
    return normaliser.denormalise(
        new ChannelPlanes(values, offset, input.channels(), input.height(), input.width()));
  }

  /** The picture as a PNG file. */
  public static byte[] png(RasterImage pixels) {
    return OpenCv.png(pixels);
  }
}
