// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.conf.load;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigValue;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.bellows.conf.Settings;
import org.bellows.conf.text.ValueText;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A key of reference.conf that no record holds would be accepted and then ignored. */
class EverySettingTest {
  private static final Map<String, Object[]> CHOICES =
      SettingKeys.all().stream()
          .filter(entry -> entry.component().getType().isEnum())
          .collect(
              Collectors.toMap(
                  SettingKeys.Entry::name,
                  entry -> entry.component().getType().getEnumConstants()));

  /** Where the next number would contradict another default. */
  private static final Map<String, String> CONSTRAINED =
      Map.ofEntries(
          entry("augment.class-share-max", "0.75"),
          entry("augment.evaluation-crop-share", "0.875"),
          entry("augment.hue", "0.1"),
          entry("augment.mean", "[0.4, 0.5, 0.6]"),
          entry("augment.mix-probability", "0.5"),
          entry("augment.repeats", "8"),
          entry("augment.resize-pixels", "256"),
          entry("augment.scale-max", "0.9"),
          entry("augment.standard-deviation", "[0.2, 0.3, 0.4]"),
          entry("evaluate.ensemble", "[/elsewhere]"),
          entry("evaluate.scales", "[0.5, 1]"),
          entry("loss.positive-weights", "[1, 2]"),
          entry("evaluate.window-stride", "0.5"),
          entry("head.regularisation", "[0.5]"),
          entry("head.validation-fraction", "0.2"),
          entry("loss.target-threshold", "0.2"),
          entry("loss.class-weights", "[1, 2]"),
          entry("loss.hard-pixel-share", "0.5"),
          entry("loss.label-smoothing", "0.1"),
          entry("model.channels", "1"),
          entry("model.stochastic-depth", "0.1"),
          entry("model.unfreeze-epochs", "[\"none@3\"]"),
          entry("optimizer.average-decay", "0.99"),
          entry("prepare.split", "{train: 0.8, test: 0.2}"),
          entry("prepare.split-paths", "{test: \"b/.*\"}"),
          entry("schedule.group-rates", "[\"pool@0.1\"]"),
          entry("schedule.layer-decay", "0.75"),
          entry("schedule.step-epochs", "[10, 20]"),
          entry("schedule.warmup-epochs", "2"),
          entry("source.lists", "[a.txt]"),
          entry("source.mask-instances", "components"),
          entry("source.mask-values", "[0, 255]"),
          entry("source.mask-void", "[255]"),
          entry("source.pixel-classes", "[sky, road]"),
          entry("source.spark-options", "[\"dbtable=pictures\"]"),
          entry("train.global-batch", "512"),
          entry("train.lane-batch", "64"),
          entry("train.precision", "bfloat16"),
          entry("evaluate.precision", "bfloat16"),
          entry("watch.mlflow-uri", "http://localhost:5000"));

  static Set<String> keys() {
    return TestSettings.reference().keySet();
  }

  @ParameterizedTest
  @MethodSource("keys")
  void changesItsRecordAndNothingElse(String key) {
    String other = otherValue(key, TestSettings.reference().get(key));
    if (other == null) {
      return; // a choice of one
    }
    boolean needsRandomCrop = key.equals("augment.class-share-max");
    String beside =
        needsRandomCrop
            ? "augment.crop=random-scale"
            : Set.of("loss.target-threshold", "loss.positive-weights").contains(key)
                ? "loss.function=binary-cross-entropy"
                : "output.path=/tmp/run";
    Map<String, Object> before = leaves(TestSettings.load(beside));
    Map<String, Object> after = leaves(TestSettings.load(beside, key + "=" + other));
    assertThat(after.keySet()).isEqualTo(before.keySet());
    assertThat(after.keySet().stream().filter(k -> !after.get(k).equals(before.get(k))).toList())
        .as("what --set %s=%s changes", key, other)
        .containsExactly(key);
  }

  private static String otherValue(String key, ConfigValue value) {
    if (CONSTRAINED.containsKey(key)) {
      return CONSTRAINED.get(key);
    }
    Object unwrapped = value.unwrapped();
    if (unwrapped instanceof Boolean flag) {
      return String.valueOf(!flag);
    }
    if (unwrapped instanceof Integer || unwrapped instanceof Long) {
      return String.valueOf(((Number) unwrapped).longValue() + 1);
    }
    if (unwrapped instanceof Double number) {
      return String.valueOf(number == 0 ? 0.5 : number * 0.9);
    }
    if (!CHOICES.containsKey(key)) {
      return "other";
    }
    for (Object constant : CHOICES.get(key)) {
      String name = ValueText.name((Enum<?>) constant);
      if (!name.equals(unwrapped)) {
        return name;
      }
    }
    return null;
  }

  /** The records, flattened to "section.key" in the configuration's spelling. */
  private static Map<String, Object> leaves(Settings settings) {
    Map<String, Object> leaves = new LinkedHashMap<>();
    SettingKeys.all().forEach(entry -> leaves.put(entry.name(), entry.value(settings)));
    return leaves;
  }
}
