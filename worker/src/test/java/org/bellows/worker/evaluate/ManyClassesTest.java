// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.bellows.data.manifest.Split;
import org.bellows.worker.evaluate.metric.ClassAnswer;
import org.bellows.worker.evaluate.metric.Metrics;
import org.bellows.worker.files.Json;
import org.junit.jupiter.api.Test;

class ManyClassesTest {

  /** 30,000 classes: as a matrix 7 GB in each of the parts, in the sum, and more in the file. */
  @Test
  void manyClassesTakeNoMoreThanTheirSamplesDo() throws IOException {
    int classes = 30_000;
    int workers = 3;
    int samples = 60_000;
    List<String> names = IntStream.range(0, classes).mapToObj(label -> "class " + label).toList();
    long before = allocated();
    List<PartialEvaluation> parts =
        IntStream.range(0, workers)
            .mapToObj(worker -> part(classes, worker, samples / workers))
            .toList();
    Evaluation evaluation =
        PartialEvaluation.merge(
            new Split("test", samples, samples, List.of(), List.of(), List.of()), names, parts, 0);
    byte[] file = Json.pretty(evaluation);
    Evaluation copy = Json.read(file, Evaluation.class, "evaluation.json");
    // Everything that was ever allocated, also what was let go.
    assertThat(allocated() - before).isLessThan(60L << 20);
    assertThat(copy.confusion()).isEqualTo(evaluation.confusion());
    assertThat(copy.classes()).isEqualTo(names);
    assertThat(file.length).isLessThan(3 << 20);
    for (PartialEvaluation part : parts) {
      assertThat(serialised(part)).isLessThan(17 * samples / workers + 20_000);
    }
    long right = 0;
    for (int label = 0; label < classes; label++) {
      right += evaluation.confusion().count(label, label);
    }
    assertThat(evaluation.value(Metrics.TOP1)).isEqualTo(right / (double) samples);
  }

  private static PartialEvaluation part(int classes, int worker, int samples) {
    SplittableRandom random = new SplittableRandom(worker);
    PartialEvaluation part = new PartialEvaluation(classes, 0);
    for (int i = 0; i < samples; i++) {
      int actual = random.nextInt(classes);
      int predicted = random.nextBoolean() ? actual : random.nextInt(classes);
      part.count(
          0, new ClassAnswer(actual, predicted, actual == predicted ? 0 : 7, 0.5, Double.NaN));
    }
    return part.settled();
  }

  private static long allocated() {
    return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
        .getCurrentThreadAllocatedBytes();
  }

  private static int serialised(PartialEvaluation part) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(part);
    }
    return bytes.size();
  }
}
