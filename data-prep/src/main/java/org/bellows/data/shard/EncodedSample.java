package org.bellows.data.shard;

/**
 * A sample as it lies in a shard.
 *
 * @param id position in the split, from 0
 * @param label index into the manifest's classes
 * @param height of the picture as displayed, in pixels
 * @param width of the picture as displayed, in pixels
 * @param channels of the decoded picture: 1 or 3
 * @param source path relative to the source, or file#index
 * @param image encoded bytes; not copied, not to be changed
 */
public record EncodedSample(
    long id,
    int label,
    Encoding encoding,
    int height,
    int width,
    int channels,
    String source,
    byte[] image) {
  public EncodedSample withImage(byte[] other) {
    return new EncodedSample(id, label, encoding, height, width, channels, source, other);
  }
}
