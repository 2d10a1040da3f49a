// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.forecast;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bellows.conf.Settings;
import org.bellows.conf.load.SettingsLoader;
import org.bellows.data.shard.LargestPicture;
import org.bellows.models.graph.InputShape;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.models.zoo.NetworkRegistry;
import org.junit.jupiter.api.Test;

class EvaluationForecastTest {
  private static final InputShape INPUT = new InputShape(3, 64, 96);
  private static final int CLASSES = 11;
  private static final long PIXELS = 500 * 400;

  private static ExecutorMemory forecast(int networks, int atOnce, String... more) {
    List<String> all =
        new ArrayList<>(
            List.of("data.prefetch-batches=2", "data.decode-threads=1", "evaluate.batch=4"));
    all.addAll(List.of(more));
    Settings settings = new SettingsLoader().set(all).load(List.of(), List.of());
    List<NetworkDefinition> definitions = new ArrayList<>();
    while (definitions.size() < networks) {
      definitions.add(NetworkRegistry.standard().get("unet-8"));
    }
    return EvaluationForecast.of(
        new EvaluationForecast.Asked(
            settings.evaluate(), settings.data(), settings.crf(), atOnce, 2),
        definitions,
        INPUT,
        CLASSES,
        new EvaluationForecast.Pictures(1000, 100, new LargestPicture(500, 400)));
  }

  private static Map<String, Long> heap(String... more) {
    return forecast(1, 1, more).heap();
  }

  /** Of the label maps and the worst picture 7 bytes a pixel; with several networks their sums. */
  @Test
  void labelMapsAreCountedAtTheirSize() {
    assertThat(heap()).containsEntry("evaluated picture", 7 * PIXELS);
    assertThat(forecast(1, 3).heap()).containsEntry("evaluated picture", 3 * 7 * PIXELS);
    assertThat(forecast(2, 1).heap())
        .containsEntry("evaluated picture", (7 + 4 * (2 * CLASSES + 1)) * PIXELS);
    assertThat(heap("evaluate.inference=sliding-window"))
        .containsEntry("evaluated picture", (4 * (3 * (3 + CLASSES) + 2 * CLASSES) + 7L) * PIXELS);
  }

  /** Four batches of four, of which each executor has 50 pictures and no more than all. */
  @Test
  void batchesAreOfInputsOrOfDecodedPictures() {
    assertThat(heap()).containsEntry("batches", 4L * 4 * 64 * 96 * (3 * 4 + 1));
    assertThat(heap("evaluate.mirror=true")).containsEntry("batches", 4L * 4 * 3 * PIXELS);
    assertThat(heap("evaluate.batch=1000", "evaluate.mirror=true"))
        .containsEntry("batches", 100 * 3 * PIXELS);
  }

  /**
   * Six arrays of scores and two norms; lattices of 6 and 3 corners, with 2 and 3 vertices a pixel,
   * and eight channels of vertices twice; the decoded picture.
   */
  @Test
  void theConditionalRandomFieldIsCounted() {
    long perPixel = 4 * (6 * CLASSES + 2) + 48 * (1 + 2) + 24 * (1 + 3) + 64 * 3 + 3;
    assertThat(heap()).doesNotContainKey("conditional random field");
    assertThat(heap("crf.enabled=true"))
        .containsEntry("conditional random field", perPixel * PIXELS);
    assertThat(forecast(1, 2, "crf.enabled=true").heap())
        .containsEntry("conditional random field", 2 * perPixel * PIXELS);
  }

  /** A plan a thread and network. */
  @Test
  void plansAreCountedForEachThreadAndNetwork() {
    long one = forecast(1, 1).offHeap().get("evaluation");
    assertThat(one).isPositive();
    assertThat(forecast(2, 3).offHeap()).containsEntry("evaluation", 6 * one);
    assertThat(forecast(1, 1).arrayBytes()).isGreaterThan(one);
  }
}
