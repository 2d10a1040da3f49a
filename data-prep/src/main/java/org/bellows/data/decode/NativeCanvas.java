// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.decode;

import org.bellows.data.decode.OpenCv.Region;
import org.bellows.data.decode.image.ImageRefusedException;
import org.bellows.data.decode.image.ImageRefusedException.Reason;
import org.bellows.data.decode.image.Orientation;
import org.bellows.data.decode.image.RasterImage;
import org.bellows.data.decode.jpeg.JpegHeader;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.MatVector;
import org.bytedeco.opencv.opencv_core.Rect;

/**
 * Native memory in which one JPEG after another is decoded, cut out and scaled, so that only the
 * small result crosses into Java: {@link #decode}, then {@link #scale}, then one of {@link
 * #interleaved} and {@link #planes}. The result equals, bit for bit, that of {@link
 * ImageDecoder#decode} and {@link OpenCv#resize} for the same file, region and size.
 *
 * <p>Trusts the file: {@link ImageDecoder#inspect} must have passed it before, as {@code prepare}
 * does. Not thread-safe; closing it releases all native memory.
 */
public final class NativeCanvas implements AutoCloseable {
  /** Memory for one huge picture is not kept for the small ones after it. */
  private static final long MOST_KEPT_BYTES = 64L << 20;

  private static final int CHANNELS = 3;
  private static final byte[] END_OF_IMAGE = {(byte) 0xFF, (byte) 0xD9};

  static {
    NativeVersions.acceptForPictures();
  }

  private BytePointer encoded = new BytePointer(0L);
  private BytePointer decoded = new BytePointer(0L);

  /** The picture as stored, in {@link #decoded}; blue, green, red. */
  private Mat stored = new Mat();

  private Orientation orientation = Orientation.UPRIGHT;
  private final Mat flipped = new Mat();
  private final Mat transposed = new Mat();
  private final Mat scratch = new Mat();
  private final Mat resized = new Mat();
  private final Mat rgb = new Mat();

  /** {@link #resized} or {@link #scratch}: whichever the last step wrote. */
  private Mat scaled = resized;

  /** Red, green and blue plane, each in a part of {@link #planeBytes}. */
  private MatVector planes = new MatVector();

  private BytePointer planeBytes = new BytePointer(0L);
  private byte[] planeCopy = {};
  private int planeHeight;
  private int planeWidth;

  /**
   * Decodes a JPEG of one or three components.
   *
   * @param frame of the same file
   * @param reduction 1, 2, 4 or 8: both sides are divided by it, rounding up
   * @throws ImageRefusedException when OpenCV cannot
   */
  public void decode(byte[] jpeg, JpegHeader frame, int reduction) {
    int height = (frame.storedHeight() + reduction - 1) / reduction;
    int width = (frame.storedWidth() + reduction - 1) / reduction;
    int length = jpeg.length + END_OF_IMAGE.length;
    encoded = reserve(encoded, length);
    decoded = reserve(decoded, (long) height * width * CHANNELS);
    encoded.position(0).put(jpeg, 0, jpeg.length);
    // A file may be whole but for this mark, and libjpeg would leave out the last blocks.
    encoded.position(jpeg.length).put(END_OF_IMAGE, 0, END_OF_IMAGE.length).position(0);
    stored.close();
    // A picture of the expected size is decoded into this memory, any other into memory of its own.
    stored = new Mat(height, width, opencv_core.CV_8UC3, decoded);
    orientation = frame.orientation();
    try (Mat input = new Mat(1, length, opencv_core.CV_8UC1, encoded);
        Mat result = opencv_imgcodecs.imdecode(input, OpenCv.flags(reduction), stored)) {
      if (result == null || result.empty() || result.type() != opencv_core.CV_8UC3) {
        throw new ImageRefusedException(Reason.DECODE_FAILED, "cannot be decoded");
      }
      if (result.rows() != height || result.cols() != width) {
        throw new ImageRefusedException(
            Reason.DECODE_FAILED,
            "was decoded to %d x %d, its header says %d x %d"
                .formatted(result.rows(), result.cols(), height, width));
      }
    } catch (ImageRefusedException e) {
      throw e;
    } catch (RuntimeException e) {
      // A C++ exception: its text is for OpenCV's developers.
      throw new ImageRefusedException(Reason.DECODE_FAILED, "cannot be decoded");
    }
  }

  /** Rows of the decoded picture as displayed. */
  public int height() {
    return orientation.swapsSides() ? stored.cols() : stored.rows();
  }

  /** Columns of the decoded picture as displayed. */
  public int width() {
    return orientation.swapsSides() ? stored.rows() : stored.cols();
  }

  /**
   * Cuts out a region, turns it upright and brings it to a size as {@link OpenCv#resize} does.
   *
   * @param region of the decoded picture as displayed
   */
  public void scale(Region region, int height, int width) {
    try (Rect part = rectangle(region);
        Mat view = new Mat(stored, part)) {
      scaled = OpenCv.scale(upright(view), height, width, scratch, resized);
    }
  }

  /** The scaled picture: height x width x 3, red, green, blue. */
  public RasterImage interleaved() {
    opencv_imgproc.cvtColor(scaled, rgb, opencv_imgproc.COLOR_BGR2RGB);
    return OpenCv.copy(rgb, CHANNELS);
  }

  /**
   * The scaled picture: 3 x height x width, red, green, blue. Faster to normalise than interleaved.
   *
   * @return valid until the next picture; may be longer than the picture
   */
  public byte[] planes() {
    int area = scaled.rows() * scaled.cols();
    preparePlanes(area);
    opencv_core.split(scaled, planes);
    planeBytes.position(0).get(planeCopy, 0, CHANNELS * area);
    return planeCopy;
  }

  /** OpenCV's order is blue, green, red: the first plane comes last. */
  private void preparePlanes(int area) {
    if (planeHeight == scaled.rows() && planeWidth == scaled.cols()) {
      return;
    }
    planeHeight = scaled.rows();
    planeWidth = scaled.cols();
    planes.close();
    planeBytes = reserve(planeBytes, (long) CHANNELS * area);
    planeCopy = new byte[CHANNELS * area];
    Mat[] mats = new Mat[CHANNELS];
    for (int channel = 0; channel < CHANNELS; channel++) {
      planeBytes.position((long) (CHANNELS - 1 - channel) * area);
      mats[channel] = new Mat(scaled.rows(), scaled.cols(), opencv_core.CV_8UC1, planeBytes);
    }
    planes = new MatVector(mats);
    for (Mat mat : mats) {
      mat.close();
    }
  }

  /** The region of the stored picture that corresponds to a region of the displayed one. */
  private Rect rectangle(Region region) {
    boolean isTransposed = orientation.transposed();
    int top = isTransposed ? region.left() : region.top();
    int left = isTransposed ? region.top() : region.left();
    int height = isTransposed ? region.width() : region.height();
    int width = isTransposed ? region.height() : region.width();
    return new Rect(
        orientation.flipsColumns() ? stored.cols() - left - width : left,
        orientation.flipsRows() ? stored.rows() - top - height : top,
        width,
        height);
  }

  /** Turned before it is scaled: interpolation of a turned picture rounds differently. */
  private Mat upright(Mat view) {
    Mat result = view;
    if (orientation.flipsRows() || orientation.flipsColumns()) {
      int both = orientation.flipsRows() && orientation.flipsColumns() ? -1 : 0;
      opencv_core.flip(result, flipped, both != 0 ? both : orientation.flipsColumns() ? 1 : 0);
      result = flipped;
    }
    if (orientation.transposed()) {
      opencv_core.transpose(result, transposed);
      result = transposed;
    }
    return result;
  }

  private static BytePointer reserve(BytePointer memory, long bytes) {
    boolean isWasteful = memory.capacity() > MOST_KEPT_BYTES && bytes <= MOST_KEPT_BYTES;
    if (memory.capacity() >= bytes && !isWasteful) {
      return memory;
    }
    memory.close();
    // Some more than needed, so that slightly larger pictures do not reallocate each time.
    return new BytePointer(Math.max(bytes, Math.min(bytes + bytes / 2, MOST_KEPT_BYTES)));
  }

  @Override
  public void close() {
    for (Mat mat : new Mat[] {stored, flipped, transposed, scratch, resized, rgb}) {
      mat.close();
    }
    planes.close();
    planeBytes.close();
    encoded.close();
    decoded.close();
  }
}
