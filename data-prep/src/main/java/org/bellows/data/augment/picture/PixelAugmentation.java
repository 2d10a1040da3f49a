package org.bellows.data.augment.picture;

import org.bellows.data.random.SampleRandom;

/** A random change of the cropped picture. Implementations are immutable. */
public interface PixelAugmentation {
  /**
   * What moves pixels moves the label map with them, by nearest neighbour; what changes colours
   * leaves it. The size stays.
   *
   * @param picture is left as it is
   * @param random the only source of chance; how much is drawn does not depend on the mask
   */
  MaskedPicture apply(MaskedPicture picture, SampleRandom random);
}
