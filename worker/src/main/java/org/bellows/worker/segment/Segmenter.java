// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.segment;

import java.util.List;
import org.bellows.conf.BellowsException;
import org.bellows.conf.EvaluateSettings;
import org.bellows.data.augment.planes.Normalizer;
import org.bellows.data.batch.EvaluationTransform;
import org.bellows.data.batch.InputSpec;
import org.bellows.data.decode.OpenCv;
import org.bellows.data.decode.image.RasterImage;
import org.bellows.data.shard.EncodedSample;
import org.bellows.models.graph.InputShape;
import org.bellows.worker.network.Ensemble;
import org.bellows.worker.network.LaneNetwork;

/**
 * Class scores of pictures at their own size. A picture is shown to each network of an ensemble at
 * each scale, and mirrored, as settings say; scores are resampled to the picture's size, and where
 * there are several their softmax is averaged. The scores of a picture depend on that picture
 * alone. Not thread-safe, as its networks are not.
 */
public final class Segmenter {
  private final List<PixelNetwork> networks;
  private final InputSpec input;
  private final InputShape shape;
  private final EvaluateSettings evaluate;
  private final PictureInference inference;
  private final EvaluationTransform transform;
  private final Normalizer normaliser;

  Segmenter(List<PixelNetwork> networks, InputSpec input, EvaluateSettings evaluate) {
    this.networks = List.copyOf(networks);
    this.input = input;
    this.shape = networks.get(0).input();
    this.evaluate = evaluate;
    this.inference = inference(evaluate);
    this.transform = EvaluationTransform.checked(input);
    this.normaliser = new Normalizer(input.mean(), input.standardDeviation());
  }

  /**
   * @param ensemble whose networks say a class of each pixel
   * @param input how pictures become the networks' input
   * @throws BellowsException (configuration) as {@link InferenceLimits} says
   */
  public static Segmenter of(Ensemble ensemble, InputSpec input, EvaluateSettings evaluate) {
    for (LaneNetwork network : ensemble.members()) {
      InferenceLimits.require(network.graph(), evaluate.inference());
    }
    List<PixelNetwork> networks =
        ensemble.members().stream().<PixelNetwork>map(LanePixels::new).toList();
    return new Segmenter(networks, input, evaluate);
  }

  private static PictureInference inference(EvaluateSettings evaluate) {
    return switch (evaluate.inference()) {
      case RESIZE, WHOLE -> new WholePicture();
      case SLIDING_WINDOW -> new SlidingWindow(evaluate.windowStride());
      case TILES -> new OverlapTiles(evaluate.windowStride());
    };
  }

  /**
   * Whether all networks are shown each picture once, resized to their input: then {@link #scores(
   * float[], int, int)} takes what {@link EvaluationTransform} makes of it.
   */
  public static boolean readsResized(EvaluateSettings evaluate) {
    return evaluate.inference() == EvaluateSettings.Inference.RESIZE
        && evaluate.scales().equals(List.of(1.0))
        && !evaluate.mirror();
  }

  /**
   * Of a picture that is not decoded yet.
   *
   * @throws BellowsException (data) when it cannot be decoded
   */
  public ClassScores scores(EncodedSample sample) {
    if (!readsResized(evaluate)) {
      return scores(EvaluationTransform.decoded(sample));
    }
    float[] pixels = new float[input.sampleLength()];
    transform.apply(sample, pixels, 0);
    return scores(pixels, sample.height(), sample.width());
  }

  /**
   * Of the network's input.
   *
   * @param pixels [channels, height, width] of the network's input
   * @param height of the picture
   * @param width of the picture
   */
  public ClassScores scores(float[] pixels, int height, int width) {
    if (networks.size() == 1) {
      return networks.get(0).scores(pixels, shape).at(height, width);
    }
    ScoreSums sums = new ScoreSums(networks.get(0).classes(), height, width);
    for (PixelNetwork network : networks) {
      sums.add(network.scores(pixels, shape).at(height, width), 0, 0, false);
    }
    return sums.scores().at(height, width);
  }

  /** Of a decoded picture: grey, or red, green and blue. */
  public ClassScores scores(RasterImage picture) {
    int height = picture.height();
    int width = picture.width();
    if (networks.size() * evaluate.scales().size() == 1 && !evaluate.mirror()) {
      Planes planes = planes(picture, evaluate.scales().get(0));
      return inference.scores(networks.get(0), planes).at(height, width);
    }
    ScoreSums sums = new ScoreSums(networks.get(0).classes(), height, width);
    for (double scale : evaluate.scales()) {
      Planes planes = planes(picture, scale);
      for (PixelNetwork network : networks) {
        sums.add(inference.scores(network, planes).at(height, width), 0, 0, false);
        if (evaluate.mirror()) {
          sums.add(inference.scores(network, planes.flipped()).at(height, width), 0, 0, true);
        }
      }
    }
    return sums.scores().at(height, width);
  }

  private Planes planes(RasterImage picture, double scale) {
    boolean isResized = evaluate.inference() == EvaluateSettings.Inference.RESIZE;
    int height = scaled(isResized ? shape.height() : picture.height(), scale);
    int width = scaled(isResized ? shape.width() : picture.width(), scale);
    RasterImage shown = picture;
    if (height != picture.height() || width != picture.width()) {
      OpenCv.Region all = new OpenCv.Region(0, 0, picture.height(), picture.width());
      shown = OpenCv.resize(picture, all, height, width);
    }
    float[] values = new float[Math.multiplyExact(input.channels() * height, width)];
    normaliser.normalise(shown, values, 0);
    return new Planes(values, input.channels(), height, width);
  }

  static int scaled(int side, double scale) {
    return (int) Math.max(1, Math.round(side * scale));
  }
}
