// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.batch;

import java.util.List;
import org.bellows.conf.BellowsException;
import org.bellows.data.augment.Augmentations;
import org.bellows.data.augment.place.Augmentation;
import org.bellows.data.augment.place.Placement;
import org.bellows.data.augment.planes.Normalizer;
import org.bellows.data.augment.render.CheckedRenderer;
import org.bellows.data.augment.render.SampleRenderer;
import org.bellows.data.augment.render.TargetWindow;
import org.bellows.data.augment.render.TrustedRenderer;
import org.bellows.data.decode.ImageDecoder;
import org.bellows.data.decode.image.ImageRefusedException;
import org.bellows.data.decode.image.RasterImage;
import org.bellows.data.random.SampleRandom;
import org.bellows.data.shard.EncodedSample;

/**
 * A sample -> the network's input of views x channels x height x width, without chance: the same
 * whenever it is asked for. Threads share it.
 */
public final class EvaluationTransform implements AutoCloseable {
  /** The cap on pixels was applied when the picture was read; here only the hard limit holds. */
  private static final ImageDecoder DECODER = new ImageDecoder(ImageDecoder.MOST_PIXELS);

  private final InputSpec input;
  private final List<Augmentation> views;
  private final TargetWindow window;
  private final SampleRenderer renderer;
  private final LabelMapTransform labelMaps;
  private final Normalizer normaliser;

  private EvaluationTransform(InputSpec input, TargetWindow window, SampleRenderer renderer) {
    this.input = input;
    this.views = views(input);
    this.window = window;
    this.renderer = renderer;
    this.labelMaps = new LabelMapTransform(input);
    this.normaliser = new Normalizer(input.mean(), input.standardDeviation());
  }

  /** Checks each file before it is decoded. Need not be closed. */
  public static EvaluationTransform checked(InputSpec input) {
    TargetWindow window = new TargetWindow(input.height(), input.width());
    return new EvaluationTransform(input, window, new CheckedRenderer(DECODER, window));
  }

  /**
   * As {@link #checked}, with the same result, of files that were checked before: those of a
   * prepared dataset, or what {@link ImageDecoder#inspected} gave. To be closed.
   */
  public static EvaluationTransform trusted(InputSpec input) {
    TargetWindow window = new TargetWindow(input.height(), input.width());
    return new EvaluationTransform(input, window, new TrustedRenderer(DECODER, window));
  }

  private static List<Augmentation> views(InputSpec input) {
    return Augmentations.evaluation(input.augment(), input.height(), input.width());
  }

  /** How many pictures of channels x height x width come out of one. */
  public static int viewsOf(InputSpec input) {
    return views(input).size();
  }

  /** How many pictures of channels x height x width come out of one. */
  public int views() {
    return views.size();
  }

  /**
   * @param out gets views x channels x height x width floats from {@code offset} on
   * @return the label map that belongs to it, height x width, row-major; null where the sample has
   *     none, and where there is more than one view
   * @throws BellowsException (data) naming the sample when it cannot be decoded
   */
  public byte[] apply(EncodedSample sample, float[] out, int offset) {
    SampleRandom unused = SampleRandom.ofAugmentation(input.seed(), 0, sample.id());
    try {
      return views.size() == 1
          ? applyOne(sample, unused, out, offset)
          : applyAll(sample, unused, out, offset);
    } catch (ImageRefusedException e) {
      throw UnreadableSampleMessage.of(sample, e);
    }
  }

  /**
   * A sample's picture at its own size.
   *
   * @throws BellowsException (data) naming the sample when it cannot be decoded
   */
  public static RasterImage decoded(EncodedSample sample) {
    try {
      return DECODER.decode(sample);
    } catch (ImageRefusedException e) {
      throw UnreadableSampleMessage.of(sample, e);
    }
  }

  private byte[] applyOne(EncodedSample sample, SampleRandom unused, float[] out, int offset) {
    Placement placement = views.get(0).place(sample.height(), sample.width(), unused);
    RasterImage mask = labelMaps.apply(sample, placement);
    renderer.renderNormalised(sample, placement, normaliser, out, offset);
    return mask == null ? null : mask.interleaved();
  }

  /** Decodes once, in full size, for all views. */
  private byte[] applyAll(EncodedSample sample, SampleRandom unused, float[] out, int offset) {
    RasterImage decoded = DECODER.decode(sample);
    for (int view = 0; view < views.size(); view++) {
      Placement placement = views.get(view).place(decoded.height(), decoded.width(), unused);
      int at = offset + view * input.sampleLength();
      normaliser.normalise(window.draw(decoded, placement), out, at);
    }
    return null;
  }

  /** Releases the renderer's native memory. */
  @Override
  public void close() {
    renderer.close();
  }
}
