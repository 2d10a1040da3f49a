package org.bellows.data.augment;

import java.util.concurrent.ConcurrentLinkedQueue;
import org.bellows.data.augment.place.Placement;
import org.bellows.data.augment.planes.Normaliser;
import org.bellows.data.decode.ImageDecoder;
import org.bellows.data.decode.NativeCanvas;
import org.bellows.data.decode.OpenCv;
import org.bellows.data.decode.OpenCv.Region;
import org.bellows.data.decode.image.ImageRefusedException;
import org.bellows.data.decode.image.ImageRefusedException.Reason;
import org.bellows.data.decode.image.Pixels;
import org.bellows.data.decode.jpeg.JpegHeader;
import org.bellows.data.shard.EncodedSample;
import org.bellows.data.shard.Encoding;

/**
 * Carries out placements.
 *
 * <p>A careful renderer checks each file from end to end before it decodes it. A trusting one does
 * not, for samples of prepared datasets: {@code prepare} checked them, and shards carry checksums.
 * It keeps JPEGs in native memory until they have the window's size, and makes the same pixels.
 *
 * <p>Deviation from a full decode: where the region is at least 2, 4 or 8 times as large as what it
 * is scaled to, in both directions, a JPEG is decoded at 1/2, 1/4 or 1/8 of its size. libjpeg then
 * averages in the frequency domain, several times faster; the region's edges move by less than one
 * pixel of the scaled picture. It is a function of sizes alone, so a run stays reproducible.
 *
 * <p>Threads share it: each picture is made in native memory that no other thread has at that time,
 * and that is used again for the next. There is as much of it as threads were at work at once.
 */
public final class PictureRenderer implements AutoCloseable {
  private static final int MOST_REDUCTION = 8;
  private static final int CMYK_COMPONENTS = 4;

  private final ImageDecoder decoder;
  private final boolean isTrusting;
  private final int height;
  private final int width;

  /** Those that no thread is using. */
  private final ConcurrentLinkedQueue<NativeCanvas> canvases = new ConcurrentLinkedQueue<>();

  private volatile boolean isClosed;

  /**
   * A careful renderer. It holds no native memory and need not be closed.
   *
   * @param height of the window
   * @param width of the window
   */
  public PictureRenderer(ImageDecoder decoder, int height, int width) {
    this(decoder, height, width, false);
  }

  private PictureRenderer(ImageDecoder decoder, int height, int width, boolean isTrusting) {
    this.decoder = decoder;
    this.height = height;
    this.width = width;
    this.isTrusting = isTrusting;
  }

  /**
   * A renderer for samples that {@code prepare} checked.
   *
   * @param decoder for what is not a JPEG of one or three components
   */
  public static PictureRenderer trusting(ImageDecoder decoder, int height, int width) {
    return new PictureRenderer(decoder, height, width, true);
  }

  /**
   * @param placement made for the sample's height and width
   * @return height x width of the window; channels as decoded
   * @throws ImageRefusedException when it cannot be decoded or is not of the sample's size
   */
  public Pixels render(EncodedSample sample, Placement placement) {
    JpegHeader frame = trusted(sample);
    if (frame != null) {
      return withCanvas(
          canvas -> {
            scale(canvas, sample, frame, placement);
            return window(canvas.interleaved(), placement);
          });
    }
    Pixels decoded = decoder.decode(sample, reduction(sample, placement));
    return render(decoded, reduced(placement, sample, decoded.height(), decoded.width()));
  }

  /**
   * {@link #render} and {@link Normaliser#normalise} in one, which saves a pass over the picture.
   *
   * @param out gets channels x height x width from {@code offset} on
   */
  public void renderNormalised(
      EncodedSample sample, Placement placement, Normaliser normaliser, float[] out, int offset) {
    JpegHeader frame = normaliser.channels() == 1 ? null : trusted(sample);
    if (frame == null) {
      normaliser.normalise(render(sample, placement), out, offset);
      return;
    }
    withCanvas(
        canvas -> {
          scale(canvas, sample, frame, placement);
          normaliser.normalisePlanes(canvas.planes(), placement, height, width, out, offset);
          return null;
        });
  }

  /** The sample's header where it takes the way through native memory, else null. */
  private JpegHeader trusted(EncodedSample sample) {
    if (!isTrusting || sample.encoding() != Encoding.JPEG) {
      return null;
    }
    JpegHeader frame = JpegHeader.read(sample.image());
    if (frame.components() == CMYK_COMPONENTS) {
      return null;
    }
    if (frame.height() != sample.height() || frame.width() != sample.width()) {
      throw new ImageRefusedException(
          Reason.CORRUPT,
          "is a JPEG of %d x %d, the dataset says %d x %d"
              .formatted(frame.height(), frame.width(), sample.height(), sample.width()));
    }
    return frame;
  }

  private static void scale(
      NativeCanvas canvas, EncodedSample sample, JpegHeader frame, Placement placement) {
    canvas.decode(sample.image(), frame, reduction(sample, placement));
    Region region = reduced(placement, sample, canvas.height(), canvas.width()).region();
    canvas.scale(region, placement.scaledHeight(), placement.scaledWidth());
  }

  private interface Drawing<T> {
    T on(NativeCanvas canvas);
  }

  private <T> T withCanvas(Drawing<T> drawing) {
    NativeCanvas free = canvases.poll();
    NativeCanvas canvas = free == null ? new NativeCanvas() : free;
    try {
      return drawing.on(canvas);
    } finally {
      canvases.add(canvas);
      if (isClosed) {
        close();
      }
    }
  }

  /** Releases native memory; what a thread is still using, when it is done. */
  @Override
  public void close() {
    isClosed = true;
    for (NativeCanvas canvas = canvases.poll(); canvas != null; canvas = canvases.poll()) {
      canvas.close();
    }
  }

  /**
   * @param placement made for the picture's height and width
   */
  public Pixels render(Pixels picture, Placement placement) {
    return window(scaled(picture, placement), placement);
  }

  private static int reduction(EncodedSample sample, Placement placement) {
    return sample.encoding() == Encoding.JPEG ? reduction(placement) : 1;
  }

  /** The largest power of two by which both sides of the region shrink at least. */
  public static int reduction(Placement placement) {
    int reduction = 1;
    while (reduction < MOST_REDUCTION
        && placement.region().height() >= 2L * reduction * placement.scaledHeight()
        && placement.region().width() >= 2L * reduction * placement.scaledWidth()) {
      reduction *= 2;
    }
    return reduction;
  }

  /** The region in the coordinates of a picture that was decoded smaller than its header says. */
  private static Placement reduced(
      Placement placement, EncodedSample sample, int decodedHeight, int decodedWidth) {
    if (decodedHeight == sample.height() && decodedWidth == sample.width()) {
      return placement;
    }
    Region region = placement.region();
    double vertical = (double) decodedHeight / sample.height();
    double horizontal = (double) decodedWidth / sample.width();
    int top = (int) Math.round(region.top() * vertical);
    int left = (int) Math.round(region.left() * horizontal);
    int bottom = (int) Math.round((region.top() + region.height()) * vertical);
    int right = (int) Math.round((region.left() + region.width()) * horizontal);
    top = Math.min(top, decodedHeight - 1);
    left = Math.min(left, decodedWidth - 1);
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
