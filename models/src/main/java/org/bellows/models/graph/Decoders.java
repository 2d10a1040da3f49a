// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.graph;

import org.bellows.models.layer.Activation;
import org.bellows.models.layer.AdaptiveAverage;
import org.bellows.models.layer.Crop;
import org.bellows.models.layer.InitialWeights;
import org.bellows.models.layer.Interpolation;
import org.bellows.models.layer.Kernel;
import org.bellows.models.layer.Pool;
import org.bellows.models.layer.Resampling;
import org.bellows.models.layer.TransposedConvolution;
import org.bellows.models.layer.Unpool;

/**
 * Layers for networks that answer for each pixel: they bring maps back to the size of the picture,
 * and fit maps to each other. Each method adds to a sketch and returns the name of the last vertex,
 * as the sketch's own do.
 */
public final class Decoders {
  private Decoders() {}

  /**
   * Transposed convolution with bias and the network's activation ({@link TransposedConvolution}).
   */
  public static String transposedConvolution(
      NetworkBuilder builder, String name, String from, Kernel kernel, int maps) {
    return transposedConvolution(builder, name, from, kernel, maps, builder.style());
  }

  /** As above, but with an activation, weights and bias of its own. */
  public static String transposedConvolution(
      NetworkBuilder builder,
      String name,
      String from,
      Kernel kernel,
      int maps,
      LayerDefaults own) {
    // One output sees on average area / stride^2 pixels of each channel.
    long area = kernel.area();
    InitialWeights weights =
        own.weights()
            .of(
                area * builder.channels(from) / ((long) kernel.stride() * kernel.stride()),
                area * maps);
    return builder.layer(
        name,
        new TransposedConvolution(
            maps, kernel, 1, true, own.activation(), weights, true, own.bias()),
        from);
  }

  /**
   * Bilinear interpolation as a transposed convolution without bias, one kernel a channel, that
   * does not learn: Long, Shelhamer, Darrell 2015, section 3.3. Kernels of an even side 2f and
   * stride f interpolate between half-pixel centres, those of 2f - 1 between aligned corners; both
   * without padding, so that what they give is cropped.
   */
  public static String bilinearDeconvolution(
      NetworkBuilder builder, String name, String from, Kernel kernel) {
    int channels = builder.channels(from);
    return builder.layer(
        name,
        new TransposedConvolution(
            channels,
            kernel,
            channels,
            false,
            Activation.IDENTITY,
            InitialWeights.bilinear(),
            false,
            0),
        from);
  }

  /** The part of a map that is as large as another and begins at a row and a column. */
  public static String crop(
      NetworkBuilder builder, String name, String from, String like, int top, int left) {
    return builder.layer(name, Crop.at(top, left), from, like);
  }

  /** The middle of a map, as large as another. */
  public static String crop(NetworkBuilder builder, String name, String from, String like) {
    return builder.layer(name, Crop.central(), from, like);
  }

  /** A map and, before it, the middle of a larger one ("name-crop"), channel after channel. */
  public static String mergeCropped(
      NetworkBuilder builder, String name, String larger, String map) {
    return builder.merge(name, crop(builder, name + "-crop", larger, map), map);
  }

  /** Times a factor, which the sides need not be whole multiples of. */
  public static String resize(
      NetworkBuilder builder,
      String name,
      String from,
      Interpolation interpolation,
      double factor) {
    return builder.layer(name, new Resampling(interpolation, factor), from);
  }

  /** To the height and width of another map, or of the image. */
  public static String resize(
      NetworkBuilder builder, String name, String from, Interpolation interpolation, String like) {
    return builder.layer(name, Resampling.likeSecond(interpolation), from, like);
  }

  /**
   * Values to the places where a max pool found its maxima.
   *
   * @param pool a vertex of the sketch: the max pool
   */
  public static String unpool(NetworkBuilder builder, String name, String from, String pool) {
    NetworkGraph.Placed placed = builder.placed(pool);
    if (placed == null || !(placed.layer() instanceof Pool ofPlaces)) {
      throw new IllegalArgumentException(
          "%s needs the max pool whose places it takes, actual %s".formatted(name, pool));
    }
    return builder.layer(name, new Unpool(ofPlaces), from, placed.inputs().get(0));
  }

  /** {@link AdaptiveAverage}. */
  public static String adaptiveAverage(NetworkBuilder builder, String name, String from, int bins) {
    return builder.layer(name, new AdaptiveAverage(bins), from);
  }
}
