// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.encode;

import org.bellows.data.decode.NativeVersions;
import org.bellows.data.decode.image.RasterImage;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;

/** Baseline JPEG through OpenCV (libjpeg-turbo, 4:2:0). */
public final class JpegEncoder {
  private static final int RGB = 3;

  static {
    NativeVersions.acceptForPictures();
  }

  private JpegEncoder() {}

  /**
   * @param pixels height x width x 3, red first
   * @param quality 1 to 100, in libjpeg's sense
   */
  public static byte[] encode(RasterImage pixels, int quality) {
    if (pixels.channels() != RGB) {
      throw new IllegalArgumentException(pixels.channels() + " channels, expected " + RGB);
    }
    byte[] rgb = pixels.interleaved();
    byte[] bgr = new byte[rgb.length];
    for (int i = 0; i < rgb.length; i += RGB) {
      bgr[i] = rgb[i + 2];
      bgr[i + 1] = rgb[i + 1];
      bgr[i + 2] = rgb[i];
    }
    try (BytePointer data = new BytePointer(bgr);
        Mat image = new Mat(pixels.height(), pixels.width(), opencv_core.CV_8UC3, data);
        IntPointer parameters = new IntPointer(opencv_imgcodecs.IMWRITE_JPEG_QUALITY, quality);
        BytePointer out = new BytePointer()) {
      if (!opencv_imgcodecs.imencode(".jpg", image, out, parameters)) {
        throw new IllegalStateException(
            "a JPEG of %d x %d cannot be written".formatted(pixels.height(), pixels.width()));
      }
      byte[] file = new byte[Math.toIntExact(out.limit())];
      out.get(file);
      return file;
    }
  }
}
