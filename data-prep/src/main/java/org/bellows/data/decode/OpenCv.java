// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.decode;

import org.bellows.data.decode.image.ImageRefusedException;
import org.bellows.data.decode.image.ImageRefusedException.Reason;
import org.bellows.data.decode.image.RasterImage;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Point;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * With {@link NativeCanvas} the only place that calls OpenCV. Every native object is released
 * before a method returns.
 */
public final class OpenCv {
  private static final int TEXT_INK = 40;

  static {
    NativeVersions.acceptForPictures();
    // Parallelism is over images; OpenCV's own threads would only fight with the training step's.
    opencv_core.setNumThreads(1);
  }

  /** Part of a picture, in pixels. */
  public record Region(int top, int left, int height, int width) {}

  private OpenCv() {}

  /**
   * Decodes as stored, without the EXIF orientation.
   *
   * @param reduction 1, 2, 4 or 8: both sides are divided by it, rounding up (JPEG only)
   * @return height x width x 3 in OpenCV's order blue, green, red
   */
  static RasterImage decodeBgr(byte[] encoded, int reduction) {
    int flags = flags(reduction);
    try (BytePointer data = new BytePointer(encoded);
        Mat buffer = new Mat(1, encoded.length, opencv_core.CV_8UC1, data);
        Mat decoded = opencv_imgcodecs.imdecode(buffer, flags)) {
      if (decoded == null || decoded.empty() || decoded.type() != opencv_core.CV_8UC3) {
        throw new ImageRefusedException(Reason.DECODE_FAILED, "cannot be decoded");
      }
      return copy(decoded, 3);
    } catch (ImageRefusedException e) {
      throw e;
    } catch (RuntimeException e) {
      // A C++ exception: its text is for OpenCV's developers.
      throw new ImageRefusedException(Reason.DECODE_FAILED, "cannot be decoded");
    }
  }

  /**
   * @param reduction 1, 2, 4 or 8
   */
  static int flags(int reduction) {
    int size =
        switch (reduction) {
          case 1 -> opencv_imgcodecs.IMREAD_COLOR;
          case 2 -> opencv_imgcodecs.IMREAD_REDUCED_COLOR_2;
          case 4 -> opencv_imgcodecs.IMREAD_REDUCED_COLOR_4;
          case 8 -> opencv_imgcodecs.IMREAD_REDUCED_COLOR_8;
          default -> throw new IllegalArgumentException("reduction is " + reduction);
        };
    return size | opencv_imgcodecs.IMREAD_IGNORE_ORIENTATION;
  }

  /** Cuts out a region and brings it to a size, see {@link #scale}. */
  public static RasterImage resize(RasterImage source, Region region, int height, int width) {
    int channels = source.channels();
    int type = opencv_core.CV_8UC(channels);
    try (Mat input = new Mat(region.height(), region.width(), type);
        Mat scratch = new Mat();
        Mat output = new Mat();
        BytePointer data = input.data()) {
      int rowBytes = region.width() * channels;
      data.capacity((long) region.height() * rowBytes);
      for (int row = 0; row < region.height(); row++) {
        int from = ((region.top() + row) * source.width() + region.left()) * channels;
        data.position((long) row * rowBytes).put(source.interleaved(), from, rowBytes);
      }
      return copy(scale(input, height, width, scratch, output), channels);
    }
  }

  /**
   * Bilinear interpolation. Where a side shrinks to less than half, it is halved first, again and
   * again: bilinear interpolation looks at two pixels, so without these steps it would pass over
   * some of the source; with them each source pixel has its part, and a picture is averaged rather
   * than sampled. Several times faster than exact averaging over areas.
   *
   * @param scratch may get a step between
   * @param output may get the result
   * @return output or scratch
   */
  static Mat scale(Mat source, int height, int width, Mat scratch, Mat output) {
    Mat from = source;
    Mat to = output;
    Mat spare = scratch;
    while (true) {
      int nextHeight = from.rows() > 2 * height ? (from.rows() + 1) / 2 : height;
      int nextWidth = from.cols() > 2 * width ? (from.cols() + 1) / 2 : width;
      boolean isLast = nextHeight == height && nextWidth == width;
      // One side at a time ends at its size; the other is not blurred by steps it does not need.
      if (!isLast && nextHeight == height) {
        nextHeight = from.rows();
      } else if (!isLast && nextWidth == width) {
        nextWidth = from.cols();
      }
      try (Size size = new Size(nextWidth, nextHeight)) {
        opencv_imgproc.resize(from, to, size, 0, 0, opencv_imgproc.INTER_LINEAR);
      }
      if (isLast) {
        return to;
      }
      from = to;
      to = spare;
      spare = from;
    }
  }

  /** The picture as a PNG file. */
  public static byte[] png(RasterImage pixels) {
    byte[] bgr = pixels.interleaved().clone();
    if (pixels.channels() == 3) {
      for (int i = 0; i < bgr.length; i += 3) {
        byte red = bgr[i];
        bgr[i] = bgr[i + 2];
        bgr[i + 2] = red;
      }
    }
    int type = opencv_core.CV_8UC(pixels.channels());
    try (BytePointer data = new BytePointer(bgr);
        Mat image = new Mat(pixels.height(), pixels.width(), type, data);
        BytePointer out = new BytePointer()) {
      if (!opencv_imgcodecs.imencode(".png", image, out)) {
        throw new IllegalStateException(
            "a PNG of %d x %d cannot be written".formatted(pixels.height(), pixels.width()));
      }
      byte[] file = new byte[Math.toIntExact(out.limit())];
      out.get(file);
      return file;
    }
  }

  static RasterImage copy(Mat mat, int channels) {
    if (!mat.isContinuous()) {
      throw new IllegalStateException("OpenCV returned a matrix with gaps between its rows");
    }
    byte[] bytes = new byte[mat.rows() * mat.cols() * channels];
    try (BytePointer data = mat.data()) {
      data.capacity(bytes.length).get(bytes);
    }
    return new RasterImage(mat.rows(), mat.cols(), channels, bytes);
  }

  /**
   * A line of dark text.
   *
   * @param text ASCII
   * @param height of a capital letter in pixels
   * @param paper grey level of the background
   * @return height of the line x its width x 3
   */
  public static RasterImage text(String text, int height, int paper) {
    int font = opencv_imgproc.FONT_HERSHEY_SIMPLEX;
    double scale = opencv_imgproc.getFontScaleFromHeight(font, height, 1);
    int[] below = new int[1];
    try (Size size = opencv_imgproc.getTextSize(text, font, scale, 1, below);
        Scalar background = Scalar.all(paper);
        Mat line =
            new Mat(
                size.height() + below[0] + 2, size.width() + 2, opencv_core.CV_8UC3, background);
        Point origin = new Point(1, size.height() + 1);
        Scalar ink = Scalar.all(TEXT_INK)) {
      opencv_imgproc.putText(
          line, text, origin, font, scale, ink, 1, opencv_imgproc.LINE_AA, false);
      return copy(line, 3);
    }
  }

  /**
   * Looks up each output pixel between the four nearest pixels of the source.
   *
   * @param matrix 2 x 3, row-major: from the output's (column, row, 1) to the source's (column,
   *     row), pixel centres at whole numbers
   * @param fill 0..255, for pixels outside the source, in every channel
   * @return the source's size and channels
   */
  public static RasterImage warpAffine(RasterImage source, double[] matrix, int fill) {
    int type = opencv_core.CV_8UC(source.channels());
    try (BytePointer data = new BytePointer(source.interleaved());
        Mat input = new Mat(source.height(), source.width(), type, data);
        DoublePointer coefficients = new DoublePointer(matrix);
        Mat map = new Mat(2, 3, opencv_core.CV_64FC1, coefficients);
        Mat output = new Mat();
        Size size = new Size(source.width(), source.height());
        Scalar border = Scalar.all(fill)) {
      int flags = opencv_imgproc.INTER_LINEAR | opencv_imgproc.WARP_INVERSE_MAP;
      opencv_imgproc.warpAffine(
          input, output, map, size, flags, opencv_core.BORDER_CONSTANT, border);
      return copy(output, source.channels());
    }
  }
}
