// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.augment.render;

import java.util.concurrent.ConcurrentLinkedQueue;
import org.bellows.data.augment.place.Interpolation;
import org.bellows.data.augment.place.Placement;
import org.bellows.data.augment.planes.Normalizer;
import org.bellows.data.decode.ImageDecoder;
import org.bellows.data.decode.NativeCanvas;
import org.bellows.data.decode.OpenCv.Region;
import org.bellows.data.decode.image.ImageRefusedException;
import org.bellows.data.decode.image.ImageRefusedException.Reason;
import org.bellows.data.decode.image.RasterImage;
import org.bellows.data.decode.jpeg.JpegHeader;
import org.bellows.data.shard.EncodedSample;
import org.bellows.data.shard.Encoding;

/**
 * For files that were checked before: samples of prepared datasets, which {@code prepare} checked
 * and whose shards carry checksums. JPEGs of one or three components are not checked again and stay
 * in native memory until they have the window's size; everything else is rendered by a {@link
 * CheckedRenderer}.
 *
 * <p>Each picture is made in native memory that no other thread uses at that time, and that is used
 * again for the next. The pool grows to the largest number of threads that were at work at once.
 */
public final class TrustedRenderer implements SampleRenderer {
  private static final int CMYK_COMPONENTS = 4;

  private final TargetWindow window;
  private final CheckedRenderer others;

  /** Those that no thread is using. */
  private final ConcurrentLinkedQueue<NativeCanvas> canvases = new ConcurrentLinkedQueue<>();

  private volatile boolean isClosed;

  /**
   * @param decoder decoder for files that are not a JPEG of one or three components
   */
  public TrustedRenderer(ImageDecoder decoder, TargetWindow window) {
    this.window = window;
    this.others = new CheckedRenderer(decoder, window);
  }

  @Override
  public RasterImage render(EncodedSample sample, Placement placement) {
    JpegHeader frame = header(sample);
    return frame == null
        ? others.render(sample, placement)
        : withCanvas(
            canvas ->
                placement.interpolation() == Interpolation.BILINEAR
                    ? window.cut(bilinear(canvas, sample, frame, placement), placement)
                    : drawn(canvas, sample, frame, placement));
  }

  /** Saves a pass over the picture where the network takes colours. */
  @Override
  public void renderNormalised(
      EncodedSample sample, Placement placement, Normalizer normaliser, float[] out, int offset) {
    boolean isBilinear = placement.interpolation() == Interpolation.BILINEAR;
    JpegHeader frame = normaliser.channels() == 1 || !isBilinear ? null : header(sample);
    if (frame == null) {
      normaliser.normalise(render(sample, placement), out, offset);
      return;
    }
    withCanvas(
        canvas -> {
          scale(canvas, sample, frame, placement);
          normaliser.normalisePlanes(
              canvas.planes(),
              placement,
              window.height(),
              window.width(),
              new int[] {window.fill(0), window.fill(1), window.fill(2)},
              out,
              offset);
          return null;
        });
  }

  /** The sample's header where it takes the way through native memory, else null. */
  private static JpegHeader header(EncodedSample sample) {
    if (sample.encoding() != Encoding.JPEG) {
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

  private static RasterImage bilinear(
      NativeCanvas canvas, EncodedSample sample, JpegHeader frame, Placement placement) {
    scale(canvas, sample, frame, placement);
    return canvas.interleaved();
  }

  /** The region comes out of native memory as it is. */
  private RasterImage drawn(
      NativeCanvas canvas, EncodedSample sample, JpegHeader frame, Placement placement) {
    Region region = decoded(canvas, sample, frame, placement);
    canvas.scale(region, region.height(), region.width());
    Region whole = new Region(0, 0, region.height(), region.width());
    return window.draw(canvas.interleaved(), placement.from(whole));
  }

  private static void scale(
      NativeCanvas canvas, EncodedSample sample, JpegHeader frame, Placement placement) {
    Region region = decoded(canvas, sample, frame, placement);
    canvas.scale(region, placement.scaledHeight(), placement.scaledWidth());
  }

  /** The region of the decoded picture. */
  private static Region decoded(
      NativeCanvas canvas, EncodedSample sample, JpegHeader frame, Placement placement) {
    canvas.decode(sample.image(), frame, DecodeReduction.of(sample, placement));
    return DecodeReduction.reduced(placement, sample, canvas.height(), canvas.width()).region();
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

  @Override
  public void close() {
    isClosed = true;
    for (NativeCanvas canvas = canvases.poll(); canvas != null; canvas = canvases.poll()) {
      canvas.close();
    }
  }
}
