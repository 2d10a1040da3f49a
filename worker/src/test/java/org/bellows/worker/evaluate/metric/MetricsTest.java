// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.evaluate.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bellows.conf.RetrainSettings;
import org.bellows.conf.Settings;
import org.bellows.conf.TrainSettings;
import org.bellows.worker.files.Json;
import org.junit.jupiter.api.Test;

class MetricsTest {
  @Test
  void namesAreKeysOfTheirOwn() {
    List<String> names = Metrics.all().stream().map(Metric::name).toList();
    assertThat(names).doesNotHaveDuplicates().allMatch(name -> name.matches("[a-z][a-z0-9-]*"));
    assertThat(names).containsSubsequence("top1", "top5", "loss");
    assertThat(Metrics.headline()).isSameAs(Metrics.TOP1);
    for (Metric metric : Metrics.all()) {
      assertThat(Metrics.find(metric.name())).containsSame(metric);
      assertThat(metric.seriesName()).matches("[a-z0-9_]*");
    }
    assertThat(Metrics.find("top-1")).isEmpty();
  }

  @Test
  void whatASettingAllowsIsAMetric() {
    Stream.of(TrainSettings.BestMetric.values(), RetrainSettings.Metric.values())
        .flatMap(Stream::of)
        .forEach(
            choice -> assertThat(Metrics.of(choice).name()).isEqualToIgnoringCase(choice.name()));
    assertThatThrownBy(() -> Metrics.of(Settings.CommunicationDtype.FLOAT16))
        .hasMessage("no metric is named float16");
  }

  @Test
  void aMetricSaysWhichIsBetterAndByHowMuch() {
    assertThat(Metrics.TOP1.isBetter(0.5, 0.25)).isTrue();
    assertThat(Metrics.TOP1.isBetter(0.5, 0.5)).isFalse();
    assertThat(Metrics.TOP1.gain(0.25, 0.75)).isEqualTo(0.5);
    assertThat(Metrics.LOSS.isBetter(0.25, 0.5)).isTrue();
    assertThat(Metrics.LOSS.gain(0.25, 0.75)).isEqualTo(-0.5);
    assertThat(Metrics.LOSS.isBetter(0.25, Double.NaN)).isFalse();
    assertThat(Metrics.LOSS.isBetter(Double.NaN, 0.25)).isFalse();
  }

  @Test
  void aMetricKnowsItsWords() {
    assertThat(Metrics.TOP5.heading()).isEqualTo("top-5 accuracy");
    assertThat(Metrics.LOSS.heading()).isEqualTo("loss");
    assertThat(Metrics.TOP1.unit().text(0.87104)).isEqualTo("87.10 %");
    assertThat(Metrics.LOSS.unit().text(0.24711)).isEqualTo("0.2471");
    assertThat(Metrics.LOSS.unit().text(Double.NaN)).isEqualTo("not finite");
  }

  @Test
  void topFiveTellsNothingOfFiveClasses() {
    assertThat(Metrics.TOP5.tells(5)).isFalse();
    assertThat(Metrics.TOP5.tells(6)).isTrue();
    assertThat(Metrics.TOP5.tells(0)).as("nobody knows how many").isTrue();
    assertThat(Metrics.TOP1.tells(2)).isTrue();
  }

  /** Right, third, sixth; then one that is not finite. */
  @Test
  void valuesByHand() {
    AnswerCounter counter = new AnswerCounter(10);
    counter.count(0, new ClassAnswer(1, 1, 0, 0.5, Double.NaN));
    counter.count(0, new ClassAnswer(2, 1, 2, 0.25, Double.NaN));
    AnswerCounter other = new AnswerCounter(10);
    other.count(1, new ClassAnswer(3, 1, 5, 0, Double.NaN));
    counter.add(other);
    MetricValues values = counter.values();
    assertThat(values.get(Metrics.TOP1)).isEqualTo(1 / 3.0);
    assertThat(values.get(Metrics.TOP5)).isEqualTo(2 / 3.0);
    double third = -StrictMath.log((double) 1e-37f);
    assertThat(values.get(Metrics.LOSS))
        .isEqualTo((-StrictMath.log(0.5) - StrictMath.log(0.25) + third) / 3);
    assertThat(third).as("a probability of 0 has a loss").isBetween(85.0, 86.0);
    other.count(1, ClassAnswer.notFinite(3));
    assertThat(other.values())
        .isEqualTo(
            MetricValues.of(
                Map.of(Metrics.TOP1, 0.0, Metrics.TOP5, 0.0, Metrics.LOSS, Double.NaN)));
    assertThat(other.confusion().notFinite()).isEqualTo(1);
  }

  /** Sums of floating point depend on their order: it is that of the parts. */
  @Test
  void whoCountedWhichPartDoesNotChangeABit() {
    AnswerCounter alone = new AnswerCounter(2);
    AnswerCounter even = new AnswerCounter(2);
    AnswerCounter odd = new AnswerCounter(2);
    for (int part = 0; part < 9; part++) {
      for (int i = 0; i < 7; i++) {
        ClassAnswer answer = new ClassAnswer(1, 1, 0, 1 / (1.0 + i + 10 * part), Double.NaN);
        alone.count(part, answer);
        (part % 2 == 0 ? even : odd).count(part, answer);
      }
    }
    odd.add(even);
    assertThat(odd.values()).isEqualTo(alone.values());
    assertThat(odd.samples()).isEqualTo(63);
  }

  @Test
  void whatAFileHolds() {
    MetricValues values =
        MetricValues.of(Map.of(Metrics.TOP1, 0.5, Metrics.TOP5, 1.0, Metrics.LOSS, Double.NaN));
    assertThat(Json.line(values)).isEqualTo("{\"loss\":null,\"top1\":0.5,\"top5\":1.0}");
    assertThat(read(Json.line(values))).isEqualTo(values);
    assertThat(values.headline()).isSameAs(Metrics.TOP1);
    assertThat(values.metrics()).containsExactly(Metrics.TOP1, Metrics.TOP5, Metrics.LOSS);
    assertThat(values.only(metric -> metric != Metrics.LOSS).byName())
        .isEqualTo(Map.of("top1", 0.5, "top5", 1.0));
    assertThatThrownBy(() -> read("{\"loss\":1,\"top5\":1}"))
        .hasMessageContaining("the metric top1 is missing");
    assertThatThrownBy(() -> read("{\"loss\":1,\"top1\":null,\"top5\":1}"))
        .hasMessageContaining("the metric top1 is null");
    assertThatThrownBy(() -> read("{\"loss\":1,\"top1\":1,\"top5\":1,\"top9\":1}"))
        .hasMessageContaining("\"top9\" is no metric; there are top1, top5");
  }

  private static MetricValues read(String json) {
    return Json.read(json.getBytes(StandardCharsets.UTF_8), MetricValues.class, "file");
  }

  @Test
  void columnsAreThoseThatAnyHas() {
    MetricValues one = MetricValues.of(Map.of(Metrics.LOSS, 1.0));
    MetricValues other = MetricValues.of(Map.of(Metrics.TOP1, 1.0));
    assertThat(Metrics.inAny(List.of(one, other))).containsExactly(Metrics.TOP1, Metrics.LOSS);
    assertThat(Metrics.inAny(List.of())).isEqualTo(Metrics.ofSamples());
  }
}
