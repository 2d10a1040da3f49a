package org.bellows.models.graph;

/** Kernel, stride and padding of a convolution or a pool, in pixels; padding on both sides. */
public record Window(int height, int width, int stride, int padHeight, int padWidth) {

  /** Square, stride 1, no padding. */
  public static Window of(int side) {
    return new Window(side, side, 1, 0, 0);
  }

  /** Odd sides, stride 1, padded so that the map keeps its size. */
  public static Window same(int height, int width) {
    return new Window(height, width, 1, height / 2, width / 2);
  }

  public static Window same(int side) {
    return same(side, side);
  }

  public Window stride(int pixels) {
    return new Window(height, width, pixels, padHeight, padWidth);
  }

  public Window padding(int pixels) {
    return new Window(height, width, stride, pixels, pixels);
  }

  int[] kernel() {
    return new int[] {height, width};
  }

  int[] strides() {
    return new int[] {stride, stride};
  }

  int[] paddings() {
    return new int[] {padHeight, padWidth};
  }

  long area() {
    return (long) height * width;
  }
}
