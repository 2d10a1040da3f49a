package org.bellows.conf;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigValue;
import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A key of reference.conf that no record holds would be accepted and then ignored. */
class EverySettingTest {
  private static final Map<String, Class<? extends Enum<?>>> CHOICES =
      Map.ofEntries(
          entry("augment.auto-augment", AugmentSettings.AutoAugmentPolicy.class),
          entry("augment.crop", AugmentSettings.Crop.class),
          entry("augment.erasing-fill", AugmentSettings.ErasingFill.class),
          entry("augment.evaluation-crop", AugmentSettings.EvaluationCrop.class),
          entry("augment.mix", AugmentSettings.Mix.class),
          entry("data.cache", Settings.Cache.class),
          entry("data.verify", Settings.Verify.class),
          entry("features.device", Settings.Device.class),
          entry("features.on-bad-image", Settings.OnBadImage.class),
          entry("features.pooling", Settings.Pooling.class),
          entry("head.kind", Settings.HeadKind.class),
          entry("optimizer.name", OptimizerSettings.OptimizerName.class),
          entry("optimizer.weight-decay-form", OptimizerSettings.WeightDecayForm.class),
          entry("retrain.metric", Settings.RetrainMetric.class),
          entry("retrain.start", Settings.RetrainStart.class),
          entry("schedule.decay", ScheduleSettings.Decay.class),
          entry("schedule.scaling", ScheduleSettings.Scaling.class),
          entry("schedule.warmup", ScheduleSettings.Warmup.class),
          entry("source.cifar-labels", Settings.CifarLabels.class),
          entry("source.format", Settings.SourceFormat.class),
          entry("sync.encryption", Settings.Encryption.class),
          entry("sync.mode", Settings.SyncMode.class),
          entry("sync.wire", Settings.Wire.class),
          entry("train.device", Settings.TrainingDevice.class),
          entry("train.best-metric", Settings.BestMetric.class),
          entry("train.non-finite", Settings.NonFinite.class),
          entry("train.save", Settings.Save.class),
          entry("train.step-engine", Settings.StepEngine.class));

  /** Where the next number would contradict another default. */
  private static final Map<String, String> CONSTRAINED =
      Map.ofEntries(
          entry("augment.hue", "0.1"),
          entry("augment.mean", "[0.4, 0.5, 0.6]"),
          entry("augment.mix-probability", "0.5"),
          entry("augment.resize-pixels", "256"),
          entry("augment.scale-max", "0.9"),
          entry("augment.standard-deviation", "[0.2, 0.3, 0.4]"),
          entry("evaluate.ensemble", "[/elsewhere]"),
          entry("head.regularisation", "[0.5]"),
          entry("head.validation-fraction", "0.2"),
          entry("loss.class-weights", "[1, 2]"),
          entry("loss.label-smoothing", "0.1"),
          entry("model.channels", "1"),
          entry("model.unfreeze-epochs", "[\"none@3\"]"),
          entry("optimizer.average-decay", "0.99"),
          entry("prepare.split", "{train: 0.8, test: 0.2}"),
          entry("schedule.group-rates", "[\"pool@0.1\"]"),
          entry("schedule.step-epochs", "[10, 20]"),
          entry("train.global-batch", "512"),
          entry("train.lane-batch", "64"),
          entry("watch.mlflow-uri", "http://localhost:5000"));

  /** What must be set, too, where no other value goes with the defaults. */
  private static final Map<String, String> BESIDE =
      Map.of("train.device", "train.step-engine=dl4j");

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
    String beside = BESIDE.getOrDefault(key, "output.path=/tmp/run");
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
    for (Enum<?> constant : CHOICES.get(key).getEnumConstants()) {
      if (!ConfigReader.name(constant).equals(unwrapped)) {
        return ConfigReader.name(constant);
      }
    }
    return null;
  }

  /** The records, flattened to "section.key" in the configuration's spelling. */
  private static Map<String, Object> leaves(Settings settings) {
    Map<String, Object> leaves = new LinkedHashMap<>();
    for (RecordComponent section : Settings.class.getRecordComponents()) {
      Object value = value(section, settings);
      if (value instanceof Record fields) {
        for (RecordComponent field : value.getClass().getRecordComponents()) {
          leaves.put(
              dashed(section.getName()) + "." + dashed(field.getName()), value(field, fields));
        }
      }
    }
    return leaves;
  }

  private static Object value(RecordComponent component, Object holder) {
    try {
      return component.getAccessor().invoke(holder);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** maxBadFraction is max-bad-fraction. */
  private static String dashed(String name) {
    return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }
}
