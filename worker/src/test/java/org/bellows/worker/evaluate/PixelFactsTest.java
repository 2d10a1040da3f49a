// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.data.manifest.LabelPixels;
import org.bellows.data.manifest.PixelClass;
import org.bellows.data.manifest.Split;
import org.bellows.worker.evaluate.PixelFacts.ClassFacts;
import org.bellows.worker.evaluate.metric.ConfusionCounts;
import org.bellows.worker.evaluate.metric.MetricValues;
import org.bellows.worker.evaluate.metric.Metrics;
import org.bellows.worker.files.Json;
import org.junit.jupiter.api.Test;

class PixelFactsTest {
  private static final DatasetManifest MANIFEST =
      DatasetManifest.of(
          List.of(),
          List.of(
              new Split(
                  "val",
                  3,
                  3,
                  List.of(),
                  List.of(),
                  List.of(),
                  List.of(new LabelPixels(1, 9, 2, 20), new LabelPixels(255, 1, 1, 10)))),
          List.of(new PixelClass("sky", "#0000ff"), new PixelClass("road", "#ff0000")),
          null);

  private static Evaluation evaluation(PixelFacts facts) {
    return new Evaluation(
        "val",
        3,
        MetricValues.of(Map.of(Metrics.LOSS, 1.0)),
        List.of("sky", "road"),
        ConfusionCounts.of(new long[2][2]),
        List.of(),
        facts,
        null,
        null);
  }

  /** No mask has sky; of void the dataset says nothing that is asked for here. */
  @Test
  void theDatasetGivesColoursAndPictures() {
    Evaluation named =
        evaluation(new PixelFacts(1, List.of(), Map.of(), List.of(), null)).withClassesOf(MANIFEST);
    assertThat(named.pixels().classes())
        .containsExactly(new ClassFacts("#0000ff", 0), new ClassFacts("#ff0000", 2));
    assertThat(named.pixels().voidPixels()).isEqualTo(1);
    byte[] file = Json.pretty(named.pixels());
    assertThat(Json.read(file, PixelFacts.class, "a test")).isEqualTo(named.pixels());
  }

  @Test
  void answersThatSayAClassOfEachSampleHaveNone() {
    assertThat(evaluation(null).withClassesOf(MANIFEST).pixels()).isNull();
  }
}
