// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.evaluate;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import org.bellows.data.batch.PicturePreview;
import org.bellows.data.decode.OpenCv;
import org.bellows.data.decode.image.RasterImage;
import org.bellows.worker.evaluate.PixelFacts.WorstPicture;

/** The pictures of the lowest mIoU so far. Not thread-safe. */
public final class WorstPictures implements Serializable {
  /** The longer side of what is kept of a picture is at most as long. */
  public static final int MOST_PIXELS = 320;

  private static final long serialVersionUID = 1L;

  private static final Comparator<WorstPicture> WORST_FIRST =
      Comparator.comparingDouble(WorstPicture::miou).thenComparingLong(WorstPicture::sampleId);

  private final int most;
  private final List<WorstPicture> worst = new ArrayList<>();

  WorstPictures(int most) {
    this.most = most;
  }

  /**
   * @param sampleId of a picture that is not known yet
   * @param picture asked for only if it is among the worst
   */
  void offer(long sampleId, double miou, Supplier<WorstPicture> picture) {
    if (most == 0) {
      return;
    }
    WorstPicture best = worst.size() < most ? null : worst.get(most - 1);
    if (best == null || miou < best.miou() || miou == best.miou() && sampleId < best.sampleId()) {
      add(picture.get());
    }
  }

  private void add(WorstPicture picture) {
    worst.add(picture);
    worst.sort(WORST_FIRST);
    if (worst.size() > most) {
      worst.remove(most);
    }
  }

  void add(WorstPictures other) {
    other.worst.forEach(this::add);
  }

  List<WorstPicture> worst() {
    return List.copyOf(worst);
  }

  /** The picture as a PNG file, smaller where it is large. */
  static byte[] small(RasterImage picture) {
    int height = reduced(picture, picture.height());
    int width = reduced(picture, picture.width());
    OpenCv.Region all = new OpenCv.Region(0, 0, picture.height(), picture.width());
    return PicturePreview.png(
        height == picture.height() && width == picture.width()
            ? picture
            : OpenCv.resize(picture, all, height, width));
  }

  /** The label map likewise, by the nearest pixel. */
  static byte[] smallLabels(RasterImage labels) {
    int height = reduced(labels, labels.height());
    int width = reduced(labels, labels.width());
    byte[] reduced = new byte[height * width];
    for (int i = 0; i < reduced.length; i++) {
      int row = (2 * (i / width) + 1) * labels.height() / (2 * height);
      int column = (2 * (i % width) + 1) * labels.width() / (2 * width);
      reduced[i] = labels.interleaved()[row * labels.width() + column];
    }
    return PicturePreview.png(new RasterImage(height, width, 1, reduced));
  }

  private static int reduced(RasterImage picture, int side) {
    int longer = Math.max(picture.height(), picture.width());
    return longer <= MOST_PIXELS
        ? side
        : Math.max(1, (int) Math.round((double) side * MOST_PIXELS / longer));
  }
}
