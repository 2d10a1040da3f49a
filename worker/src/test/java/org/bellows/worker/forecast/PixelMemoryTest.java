// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.forecast;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.bellows.conf.load.SettingsLoader;
import org.bellows.conf.part.TrainingSettings;
import org.bellows.models.graph.InputShape;
import org.bellows.models.zoo.NetworkRegistry;
import org.junit.jupiter.api.Test;

class PixelMemoryTest {
  private static final int PIXELS = 16 * 24;
  private static final int LOGITS = 4 * 3 * PIXELS;

  private static PixelMemory memory(String... more) {
    List<String> all = new ArrayList<>(List.of("model.name=unet-8", "train.lane-batch=2"));
    all.addAll(List.of(more));
    return new PixelMemory(
        TrainingSettings.of(new SettingsLoader().set(all).load(List.of(), List.of())),
        NetworkRegistry.standard().get("unet-8").graph(new InputShape(1, 16, 24), 3));
  }

  /** Floats and a label; where borders weigh more another float. */
  @Test
  void picturesAreCounted() {
    assertThat(memory().picture()).isEqualTo(5L * PIXELS);
    assertThat(memory("loss.border-weight=10").picture()).isEqualTo(9L * PIXELS);
    assertThat(memory().counted(3)).isZero();
    assertThat(memory("loss.normalisation=batch").counted(3)).isEqualTo(3L * 2 * 5 * PIXELS);
  }

  /**
   * A step's labels, weights, losses and slopes; of an evaluation a picture and its logits, twice.
   */
  @Test
  void answersOfAStepAndOfAnEvaluationAreCounted() {
    long step = 2 * 2 * 4 * PIXELS + 2 * 4 * PIXELS + 4 * 8 * PIXELS;
    long evaluation = 2L * LOGITS + 5L * PIXELS;
    assertThat(memory().answers()).isEqualTo(step + evaluation);
    assertThat(memory("loss.dice-weight=1").answers()).isEqualTo(step + 2 * LOGITS + evaluation);
  }
}
