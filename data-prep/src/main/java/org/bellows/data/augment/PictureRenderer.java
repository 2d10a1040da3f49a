package org.bellows.data.augment;

import org.bellows.data.decode.ImageDecoder;
import org.bellows.data.decode.OpenCv;
import org.bellows.data.decode.OpenCv.Region;
import org.bellows.data.decode.Pixels;
import org.bellows.data.shard.EncodedSample;
import org.bellows.data.shard.Encoding;

/**
 * Carries out a placement.
 *
 * <p>Deviation from a full decode: where the region is at least 2, 4 or 8 times as large as what it
 * is scaled to, in both directions, a JPEG is decoded at 1/2, 1/4 or 1/8 of its size. libjpeg then
 * averages in the frequency domain, several times faster; the region's edges move by less than one
 * pixel of the scaled picture. It is a function of sizes alone, so a run stays reproducible.
 */
public final class PictureRenderer {
  private static final int MOST_REDUCTION = 8;

  private final ImageDecoder decoder;
  private final int height;
  private final int width;

  /**
   * @param height of the window
   * @param width of the window
   */
  public PictureRenderer(ImageDecoder decoder, int height, int width) {
    this.decoder = decoder;
    this.height = height;
    this.width = width;
  }

  /**
   * @param placement made for the sample's height and width
   * @return height x width of the window; channels as decoded
   */
  public Pixels render(EncodedSample sample, Placement placement) {
    int reduction = sample.encoding() == Encoding.JPEG ? reduction(placement) : 1;
    Pixels decoded = decoder.decode(sample, reduction);
    return render(decoded, reduced(placement, sample, decoded));
  }

  /**
   * @param placement made for the picture's height and width
   */
  public Pixels render(Pixels picture, Placement placement) {
    return window(scaled(picture, placement), placement);
  }

  /** The largest power of two by which both sides of the region shrink at least. */
  static int reduction(Placement placement) {
    int reduction = 1;
    while (reduction < MOST_REDUCTION
        && placement.region().height() >= 2L * reduction * placement.scaledHeight()
        && placement.region().width() >= 2L * reduction * placement.scaledWidth()) {
      reduction *= 2;
    }
    return reduction;
  }

  /** The region in the coordinates of a picture that was decoded smaller than its header says. */
  private static Placement reduced(Placement placement, EncodedSample sample, Pixels decoded) {
    if (decoded.height() == sample.height() && decoded.width() == sample.width()) {
      return placement;
    }
    Region region = placement.region();
    double vertical = (double) decoded.height() / sample.height();
    double horizontal = (double) decoded.width() / sample.width();
    int top = (int) Math.round(region.top() * vertical);
    int left = (int) Math.round(region.left() * horizontal);
    int bottom = (int) Math.round((region.top() + region.height()) * vertical);
    int right = (int) Math.round((region.left() + region.width()) * horizontal);
    top = Math.min(top, decoded.height() - 1);
    left = Math.min(left, decoded.width() - 1);
    Region smaller = new Region(top, left, Math.max(1, bottom - top), Math.max(1, right - left));
    return new Placement(
        smaller,
        placement.scaledHeight(),
        placement.scaledWidth(),
        placement.top(),
        placement.left(),
        placement.mirrored());
  }

  private static Pixels scaled(Pixels picture, Placement placement) {
    Region region = placement.region();
    boolean isWhole = region.height() == picture.height() && region.width() == picture.width();
    boolean isSameSize =
        region.height() == placement.scaledHeight() && region.width() == placement.scaledWidth();
    return isWhole && isSameSize
        ? picture
        : OpenCv.resize(picture, region, placement.scaledHeight(), placement.scaledWidth());
  }

  private Pixels window(Pixels scaled, Placement placement) {
    boolean isWhole =
        scaled.height() == height
            && scaled.width() == width
            && placement.top() == 0
            && placement.left() == 0;
    if (isWhole && !placement.mirrored()) {
      return scaled;
    }
    Pixels window =
        new Pixels(height, width, scaled.channels(), new byte[height * width * scaled.channels()]);
    int firstRow = Math.max(0, -placement.top());
    int endRow = Math.min(height, scaled.height() - placement.top());
    for (int row = firstRow; row < endRow; row++) {
      copyRow(scaled, placement, row, window.interleaved());
    }
    return window;
  }

  /** What of the scaled picture lies in this row of the window; the rest stays zero. */
  private void copyRow(Pixels scaled, Placement placement, int row, byte[] to) {
    int channels = scaled.channels();
    byte[] from = scaled.interleaved();
    int source = ((row + placement.top()) * scaled.width() + placement.left()) * channels;
    int target = row * width * channels;
    int first = Math.max(0, -placement.left());
    int end = Math.min(width, scaled.width() - placement.left());
    if (first >= end) {
      return;
    }
    if (!placement.mirrored()) {
      System.arraycopy(
          from, source + first * channels, to, target + first * channels, (end - first) * channels);
      return;
    }
    for (int column = first; column < end; column++) {
      int at = target + (width - 1 - column) * channels;
      for (int channel = 0; channel < channels; channel++) {
        to[at + channel] = from[source + column * channels + channel];
      }
    }
  }
}
