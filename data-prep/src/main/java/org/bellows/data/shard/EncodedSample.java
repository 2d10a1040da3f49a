// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.shard;

/**
 * A sample as it is stored in a shard.
 *
 * @param id position in the split, from 0
 * @param label index into the manifest's classes; {@link #NO_LABEL} where it has none, or any
 *     number
 * @param height of the picture as displayed, in pixels
 * @param width of the picture as displayed, in pixels
 * @param channels of the decoded picture: 1 or 3
 * @param source path relative to the source, or file#index
 * @param image encoded bytes; not copied, not to be changed
 * @param mask a label map of the same height x width as an encoded PNG with one grey value a pixel,
 *     which is an index into the manifest's pixel classes or void, or with three, of which the
 *     others number objects ({@code data.decode.LabelMaps}), or null; not copied, not to be changed
 * @param labels indices into the manifest's classes, rising, where a sample has any number of them;
 *     else null; not copied, not to be changed
 */
public record EncodedSample(
    long id,
    int label,
    Encoding encoding,
    int height,
    int width,
    int channels,
    String source,
    byte[] image,
    byte[] mask,
    int[] labels) {
  /** Label of samples that have a label map, or a list of labels, instead. */
  public static final int NO_LABEL = -1;

  /** A sample without a mask. */
  public EncodedSample(
      long id,
      int label,
      Encoding encoding,
      int height,
      int width,
      int channels,
      String source,
      byte[] image) {
    this(id, label, encoding, height, width, channels, source, image, null);
  }

  /** A sample without a list of labels. */
  public EncodedSample(
      long id,
      int label,
      Encoding encoding,
      int height,
      int width,
      int channels,
      String source,
      byte[] image,
      byte[] mask) {
    this(id, label, encoding, height, width, channels, source, image, mask, null);
  }

  /** The same sample with any number of classes. */
  public EncodedSample withLabels(int[] several) {
    return new EncodedSample(
        id, NO_LABEL, encoding, height, width, channels, source, image, mask, several);
  }

  /** The same sample without its mask. */
  public EncodedSample withoutMask() {
    return mask == null
        ? this
        : new EncodedSample(
            id, label, encoding, height, width, channels, source, image, null, labels);
  }

  /** The same sample with its image's bytes elsewhere. */
  public EncodedSample withImage(byte[] other) {
    return new EncodedSample(
        id, label, encoding, height, width, channels, source, other, mask, labels);
  }
}
