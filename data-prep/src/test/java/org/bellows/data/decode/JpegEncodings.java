// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.decode;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;

/** JPEGs as libjpeg's encoder writes them, in every way that OpenCV can ask it for. */
final class JpegEncodings {
  private JpegEncodings() {}

  /** Noise on a slope: no two blocks are alike, and none is flat. */
  static byte[] texture(int height, int width, int channels, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] pixels = new byte[height * width * channels];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (40 + 80 * i / pixels.length + random.nextInt(96));
    }
    return pixels;
  }

  static byte[] jpeg(byte[] pixels, int height, int width, int channels, int... parameters) {
    try (BytePointer data = new BytePointer(pixels);
        Mat image = new Mat(height, width, opencv_core.CV_8UC(channels), data);
        IntPointer settings = new IntPointer(parameters);
        BytePointer out = new BytePointer()) {
      if (!opencv_imgcodecs.imencode(".jpg", image, out, settings)) {
        throw new IllegalStateException("not encoded");
      }
      byte[] file = new byte[Math.toIntExact(out.limit())];
      out.get(file);
      return file;
    }
  }

  /**
   * Of one texture: baseline and progressive, by quality, with restart intervals, grey and colour.
   */
  static List<byte[]> all(int height, int width, long seed) {
    List<byte[]> files = new ArrayList<>();
    for (int channels : new int[] {1, 3}) {
      byte[] pixels = texture(height, width, channels, seed);
      for (int progressive = 0; progressive < 2; progressive++) {
        for (int quality : new int[] {30, 75, 100}) {
          for (int interval : new int[] {0, 1, 3}) {
            files.add(
                jpeg(
                    pixels,
                    height,
                    width,
                    channels,
                    opencv_imgcodecs.IMWRITE_JPEG_QUALITY,
                    quality,
                    opencv_imgcodecs.IMWRITE_JPEG_PROGRESSIVE,
                    progressive,
                    opencv_imgcodecs.IMWRITE_JPEG_OPTIMIZE,
                    interval == 3 ? 1 : 0,
                    opencv_imgcodecs.IMWRITE_JPEG_RST_INTERVAL,
                    interval));
          }
        }
      }
    }
    return files;
  }
}
