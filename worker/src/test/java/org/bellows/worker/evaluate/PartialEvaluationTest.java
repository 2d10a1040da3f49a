// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.evaluate;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.bellows.data.manifest.Split;
import org.junit.jupiter.api.Test;

class PartialEvaluationTest {
  @Test
  void samplesThatNobodyCountedAreMissed() {
    Split split = new Split("test", 7, 7, List.of(), List.of(), List.of());
    List<String> classes = List.of("cat", "dog");
    String none = "the evaluation counted 0 samples of split test, expected 7";
    assertThatThrownBy(() -> PartialEvaluation.merge(split, classes, List.of(), 0))
        .hasMessage(none);
    List<PartialEvaluation> parts = List.of(new PartialEvaluation(2, 0));
    assertThatThrownBy(() -> PartialEvaluation.merge(split, classes, parts, 0)).hasMessage(none);
  }
}
