// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import org.bellows.conf.Settings;
import org.bellows.conf.load.SettingsLoader;
import org.bellows.data.batch.InputSpec;
import org.bellows.data.decode.image.RasterImage;
import org.bellows.models.graph.InputShape;
import org.bellows.models.layer.LabelFit;
import org.bellows.models.layer.LayerShape.FeatureMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** All ways of showing pictures, to networks that are functions of their pixels. */
class SegmenterTest {
  private static final InputShape INPUT = new InputShape(1, 32, 24);
  private static final int STRIDE = 8;

  /**
   * Class 1 has the pixel's brightness less a half, class 0 nothing.
   *
   * @param rim pixels at each border that have no answer
   */
  private record Brightness(InputShape input, int rim, List<InputShape> shown)
      implements PixelNetwork {
    Brightness(int rim) {
      this(INPUT, rim, new ArrayList<>());
    }

    @Override
    public int classes() {
      return 2;
    }

    @Override
    public InputShape fitting(int height, int width) {
      return new InputShape(1, up(height), up(width));
    }

    private static int up(int side) {
      return (side + STRIDE - 1) / STRIDE * STRIDE;
    }

    @Override
    public LabelFit fit() {
      return LabelFit.CENTRE;
    }

    @Override
    public FeatureMap map(InputShape picture) {
      return new FeatureMap(2, picture.height() - 2 * rim, picture.width() - 2 * rim);
    }

    @Override
    public float[] logits(float[] pixels, InputShape picture) {
      shown.add(picture);
      FeatureMap map = map(picture);
      float[] logits = new float[2 * map.height() * map.width()];
      int to = map.height() * map.width();
      for (int row = 0; row < map.height(); row++) {
        for (int column = 0; column < map.width(); column++) {
          logits[to++] = pixels[(row + rim) * picture.width() + column + rim] - 0.5f;
        }
      }
      return logits;
    }
  }

  /** As a network of convolutions with stride 8 is: a pixel of its map is one of each 8 x 8. */
  private record Coarse(LabelFit fit) implements PixelNetwork {
    @Override
    public int classes() {
      return 2;
    }

    @Override
    public InputShape input() {
      return INPUT;
    }

    @Override
    public InputShape fitting(int height, int width) {
      return new InputShape(1, Brightness.up(height), Brightness.up(width));
    }

    @Override
    public FeatureMap map(InputShape picture) {
      return new FeatureMap(2, picture.height() / STRIDE, picture.width() / STRIDE);
    }

    @Override
    public float[] logits(float[] pixels, InputShape picture) {
      FeatureMap map = map(picture);
      float[] logits = new float[2 * map.height() * map.width()];
      int to = map.height() * map.width();
      for (int row = 0; row < map.height(); row++) {
        for (int column = 0; column < map.width(); column++) {
          logits[to++] = pixels[row * STRIDE * picture.width() + column * STRIDE] - 0.5f;
        }
      }
      return logits;
    }
  }

  private static Segmenter segmenter(PixelNetwork network, String... settings) {
    Settings all =
        new SettingsLoader()
            .set(List.of("model.channels=1", "model.height-pixels=32", "model.width-pixels=24"))
            .set(List.of("augment.evaluation-crop=resize"))
            .set(List.of(settings))
            .load(List.of(), List.of());
    InputSpec input = new InputSpec(all.augment(), 1, 32, 24, new float[] {0}, new float[] {1}, 1);
    return new Segmenter(List.of(network), input, all.evaluate());
  }

  private static RasterImage picture(
      int height, int width, BiFunction<Integer, Integer, Integer> of) {
    byte[] pixels = new byte[height * width];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (int) of.apply(i / width, i % width);
    }
    return new RasterImage(height, width, 1, pixels);
  }

  /** No two pixels in a neighbourhood are the same. */
  private static RasterImage texture(int height, int width) {
    return picture(height, width, (row, column) -> (row * 37 + column * 101) % 256);
  }

  /** Of an answer to each pixel by itself nothing changes, wherever windows begin. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "evaluate.inference=whole",
        "evaluate.inference=sliding-window",
        "evaluate.inference=sliding-window,evaluate.window-stride=0.3",
        "evaluate.inference=sliding-window,evaluate.window-stride=1",
        "evaluate.inference=tiles",
        "evaluate.inference=tiles,evaluate.window-stride=0.25",
        "evaluate.inference=tiles,evaluate.mirror=true",
        "evaluate.inference=whole,evaluate.mirror=true"
      })
  void eachPixelHasItsOwnAnswer(String settings) {
    for (int[] sides : new int[][] {{32, 24}, {33, 25}, {7, 90}, {50, 5}, {1, 1}, {95, 71}}) {
      RasterImage picture = texture(sides[0], sides[1]);
      Segmenter segmenter = segmenter(new Brightness(0), settings.split(","));
      assertProbabilities(segmenter.scores(picture), picture, sides);
    }
  }

  /** A network that answers for the middle of what it sees; borders are mirrored. */
  @Test
  void tilesOfANetworkWithARimCoverThePicture() {
    for (int[] sides : new int[][] {{32, 24}, {33, 25}, {7, 90}, {1, 1}, {95, 71}}) {
      RasterImage picture = texture(sides[0], sides[1]);
      Segmenter segmenter = segmenter(new Brightness(9), "evaluate.inference=tiles");
      assertProbabilities(segmenter.scores(picture), picture, sides);
    }
  }

  private static void assertProbabilities(ClassScores scores, RasterImage picture, int[] sides) {
    float[] probabilities = scores.probabilities();
    int pixels = sides[0] * sides[1];
    assertThat(probabilities).as("%d x %d", sides[0], sides[1]).hasSize(2 * pixels);
    for (int i = 0; i < pixels; i++) {
      double brightness = (picture.interleaved()[i] & 0xFF) / 255.0;
      double expected = 1 / (1 + Math.exp(0.5 - brightness));
      assertThat(probabilities[pixels + i])
          .as("pixel %d of %d x %d", i, sides[0], sides[1])
          .isCloseTo((float) expected, within(1e-6f));
      assertThat(probabilities[i] + probabilities[pixels + i]).isCloseTo(1, within(1e-6f));
    }
  }

  @Test
  void windowsBeginAtEqualDistancesAndTheLastEndsWithThePicture() {
    assertThat(WindowStarts.of(100, 32, 21)).containsExactly(0, 21, 42, 63, 68);
    assertThat(WindowStarts.of(74, 32, 21)).containsExactly(0, 21, 42);
    assertThat(WindowStarts.of(32, 32, 21)).containsExactly(0);
    assertThat(WindowStarts.of(20, 32, 21)).containsExactly(0);
  }

  @Test
  void theNetworkIsShownItsOwnSizeOrAMultipleOfItsStride() {
    Brightness network = new Brightness(0);
    segmenter(network, "evaluate.inference=sliding-window").scores(texture(33, 24));
    assertThat(network.shown()).containsExactly(INPUT, INPUT);
    network.shown().clear();
    segmenter(network, "evaluate.inference=whole").scores(texture(33, 20));
    assertThat(network.shown()).containsExactly(new InputShape(1, 40, 24));
    network.shown().clear();
    segmenter(network, "evaluate.inference=whole", "evaluate.scales=[0.5, 1.0]")
        .scores(texture(30, 50));
    assertThat(network.shown())
        .containsExactly(new InputShape(1, 16, 32), new InputShape(1, 32, 56));
    network.shown().clear();
    segmenter(network, "evaluate.scales=[0.5]", "evaluate.mirror=true").scores(texture(30, 50));
    InputShape half = new InputShape(1, 16, 16);
    assertThat(network.shown()).containsExactly(half, half);
  }

  /** The middle of a bright square stays where it is: mmsegmentation#1607. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "evaluate.inference=resize",
        "evaluate.inference=whole",
        "evaluate.inference=whole,evaluate.mirror=true",
        "evaluate.inference=sliding-window",
        "evaluate.inference=tiles",
        "evaluate.inference=whole,evaluate.scales=[0.5, 1.0, 1.5]",
        "evaluate.inference=sliding-window,evaluate.scales=[0.75, 1.25],evaluate.mirror=true"
      })
  void nothingIsShifted(String settings) {
    for (int side = 40; side < 48; side++) {
      assertCentre(new Brightness(0), side, 0.5, settings);
    }
  }

  /** A coarse map is aligned as the labels were that it was trained with. */
  @Test
  void aCoarseMapIsNotShifted() {
    for (int side = 128; side < 136; side++) {
      assertCentre(new Coarse(LabelFit.SHRINK), side, 0.5, "evaluate.inference=whole");
    }
  }

  private static void assertCentre(
      PixelNetwork network, int side, double tolerance, String settings) {
    int first = side / 4 / STRIDE * STRIDE;
    int size = side / 2 / STRIDE * STRIDE + 1;
    RasterImage picture =
        picture(
            side,
            side,
            (row, column) ->
                row >= first && row < first + size && column >= first && column < first + size
                    ? 255
                    : 0);
    ClassScores scores = segmenter(network, settings.split(",(?=[a-z])")).scores(picture);
    byte[] labels = scores.labels();
    double rows = 0;
    double columns = 0;
    int count = 0;
    for (int i = 0; i < labels.length; i++) {
      rows += labels[i] == 1 ? i / side : 0;
      columns += labels[i] == 1 ? i % side : 0;
      count += labels[i] == 1 ? 1 : 0;
    }
    double centre = first + (size - 1) / 2.0;
    assertThat(rows / count).as("%s, %d rows", settings, side).isCloseTo(centre, within(tolerance));
    assertThat(columns / count)
        .as("%s, %d columns", settings, side)
        .isCloseTo(centre, within(tolerance));
  }

  /** Of what the network says of a picture and of its mirror image, the mean is symmetric. */
  @Test
  void aMirroredPictureHasTheMirroredAnswer() {
    String[] settings = {
      "evaluate.inference=whole", "evaluate.mirror=true", "evaluate.scales=[0.5, 1.0]"
    };
    RasterImage picture = texture(32, 64);
    RasterImage mirrored = picture(32, 64, (row, column) -> picture.at(row, 63 - column, 0));
    float[] answer =
        segmenter(new Coarse(LabelFit.SHRINK), settings).scores(picture).probabilities();
    float[] other =
        segmenter(new Coarse(LabelFit.SHRINK), settings).scores(mirrored).probabilities();
    for (int i = 0; i < answer.length; i++) {
      int opposite = i / 64 * 64 + 63 - i % 64;
      assertThat(other[opposite]).isCloseTo(answer[i], within(1e-5f));
    }
  }

  /**
   * A row of two logits on five pixels, as torch.nn.functional.interpolate(align_corners=False) has
   * it.
   */
  @Test
  void logitsAreResampledBilinearly() {
    ClassScores scores = ScoreMap.ofPixels(new float[] {0, 2, 0.9f, 0.9f}, 2, 1, 2).at(1, 5);
    float[] row = new float[10];
    scores.row(0, row);
    assertThat(row)
        .containsExactly(
            new float[] {0, 0.2f, 1, 1.8f, 2, 0.9f, 0.9f, 0.9f, 0.9f, 0.9f}, within(1e-6f));
    assertThat(scores.labels()).containsExactly(1, 1, 0, 0, 0);
  }

  @Test
  void whereAScoreIsNotFiniteThereIsNoClass() {
    float[] values = new float[4];
    Arrays.fill(values, 1);
    values[2] = Float.NaN;
    assertThat(ScoreMap.ofPixels(values, 2, 1, 2).at(1, 2).labels())
        .containsExactly((byte) 255, (byte) 0);
  }

  /** Of several networks the probabilities are averaged. */
  @Test
  void networksCountTheSame() {
    RasterImage picture = texture(40, 30);
    float[] one =
        segmenter(new Brightness(0), "evaluate.inference=whole").scores(picture).probabilities();
    Settings settings =
        new SettingsLoader()
            .set(List.of("evaluate.inference=whole", "model.channels=1"))
            .load(List.of(), List.of());
    InputSpec input =
        new InputSpec(settings.augment(), 1, 32, 24, new float[] {0}, new float[] {1}, 1);
    float[] two =
        new Segmenter(List.of(new Brightness(0), new Brightness(0)), input, settings.evaluate())
            .scores(picture)
            .probabilities();
    assertThat(two).containsExactly(one, within(1e-6f));
  }
}
