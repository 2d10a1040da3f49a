// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.bellows.data.batch.ClassTargets;
import org.bellows.data.batch.EvaluationBatch;
import org.bellows.data.manifest.Shard;
import org.bellows.data.manifest.Split;
import org.bellows.worker.evaluate.SampleAnswers.Answer;
import org.junit.jupiter.api.Test;

class SampleAnswersTest {
  private static final Split THREE =
      new Split(
          "test",
          3,
          0,
          List.of(),
          List.of(),
          List.of(new Shard("shards/test-00000.parquet", 0, "", List.of(3))));

  private static SampleAnswers of(long id, int label, float... probabilities) {
    SampleAnswers answers = new SampleAnswers();
    answers.add(
        new EvaluationBatch(
            0,
            new long[] {id},
            1,
            new float[0],
            ClassTargets.of(new int[] {label}, probabilities.length),
            Optional.empty(),
            List.of(),
            List.of()),
        probabilities);
    return answers;
  }

  @Test
  void partsComeInTheOrderOfTheSamples() {
    SampleAnswers all =
        SampleAnswers.merge(
            THREE,
            List.of(
                of(2, 0, 0.2f, 0.7f, 0.1f), of(0, 2, 0.1f, 0.3f, 0.6f), of(1, 1, Float.NaN, 0, 1)));
    assertThat(all.size()).isEqualTo(3);
    assertThat(all.get(0)).isEqualTo(new Answer(0, 2, 2, 0.6f, 1));
    assertThat(all.get(1)).isEqualTo(new Answer(1, 1, -1, Float.NaN, -1));
    assertThat(all.get(1).isFinite()).isFalse();
    assertThat(all.get(2)).isEqualTo(new Answer(2, 0, 1, 0.7f, 2));
  }

  @Test
  void eachSampleIsAnsweredOnce() {
    SampleAnswers first = of(0, 0, 1, 0);
    SampleAnswers second = of(1, 0, 1, 0);
    assertThatThrownBy(() -> SampleAnswers.merge(THREE, List.of(first, second)))
        .hasMessage("sample 2 of split test was not answered");
    assertThatThrownBy(() -> SampleAnswers.merge(THREE, List.of(first, second, second)))
        .hasMessage("sample 1 of split test was answered twice");
  }

  @Test
  void growsWithTheSamples() {
    SampleAnswers answers = new SampleAnswers();
    for (int id = 0; id < 1000; id++) {
      answers.add(new Answer(id, 0, 0, 1, 1));
    }
    assertThat(answers.size()).isEqualTo(1000);
    assertThat(answers.get(999).id()).isEqualTo(999);
  }
}
