package org.bellows.conf;

import com.typesafe.config.Config;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.function.Function;

/** From a resolved configuration to typed records: ranges first, then contradictions. */
final class SettingsReader {
  private final ConfigReader read;

  SettingsReader(Config config, Config reference) {
    this.read = new ConfigReader(config, reference);
  }

  Settings read() {
    Settings settings = make(Settings.class, this::section);
    settings = settings.withEffectiveJson(SettingsText.json(settings));
    checkContradictions(settings);
    return settings;
  }

  List<Problem> problems() {
    return read.problems();
  }

  /** All but the effective configuration, which is written down once the rest is known. */
  private Object section(RecordComponent section) {
    return section.getType().isRecord()
        ? make(section.getType(), component -> value(SettingKeys.entry(section, component)))
        : "";
  }

  private static <T> T make(Class<T> record, Function<RecordComponent, Object> value) {
    RecordComponent[] components = record.getRecordComponents();
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    Object[] values = Arrays.stream(components).map(value).toArray();
    try {
      Constructor<T> constructor = record.getDeclaredConstructor(types);
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      throw new IllegalStateException("cannot make " + record, e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot make " + record, e);
    }
  }

  private Object value(SettingKeys.Entry entry) {
    String key = entry.name();
    Key rules = entry.rules();
    Class<?> type = entry.component().getType();
    if (type == int.class || type == long.class) {
      return whole(key, rules, type);
    } else if (type == double.class) {
      return read.real(key, rules.min(), rules.max());
    } else if (type == boolean.class) {
      return read.flag(key);
    } else if (type == String.class) {
      return rules.isPath() ? read.path(key) : read.text(key);
    } else if (type.isEnum()) {
      return read.choice(key, type);
    }
    return several(entry);
  }

  private Object whole(String key, Key rules, Class<?> type) {
    if (rules.oneOf().length > 0) {
      return read.oneOf(key, rules.oneOf());
    }
    boolean isBounded = !Double.isNaN(rules.min());
    long min = isBounded ? (long) rules.min() : Long.MIN_VALUE;
    long max = isBounded ? (long) rules.max() : Long.MAX_VALUE;
    return type == long.class
        ? (Object) read.integral(key, min, max)
        : (Object) read.integer(key, Math.toIntExact(min), Math.toIntExact(max));
  }

  private Object several(SettingKeys.Entry entry) {
    String key = entry.name();
    Key rules = entry.rules();
    Class<?> type = entry.component().getType();
    if (type == ClassWeights.class) {
      return classWeights(key, rules);
    } else if (type == SortedMap.class) {
      return SplitShares.read(read, key);
    } else if (type == List.class) {
      Type element =
          ((ParameterizedType) entry.component().getGenericType()).getActualTypeArguments()[0];
      if (element == Double.class) {
        return read.reals(key, rules.min(), rules.max());
      } else if (element == LayerValue.class) {
        return read.atLayers(key, rules.min(), rules.max());
      } else if (element == String.class && rules.isPath()) {
        return read.paths(key);
      }
    }
    throw new IllegalStateException(
        "%s is a %s, which cannot be read".formatted(key, entry.component().getGenericType()));
  }

  private ClassWeights classWeights(String key, Key rules) {
    return read.isWord(key, ClassWeights.BALANCED)
        ? ClassWeights.balanced()
        : ClassWeights.of(
            read.reals(key, ClassWeights.BALANCED + " or ", rules.min(), rules.max()));
  }

  private void checkContradictions(Settings settings) {
    Settings.Train train = settings.train();
    Settings.Cluster cluster = settings.cluster();
    if (train.globalBatch() % train.laneBatch() != 0) {
      read.problem(
          "train.global-batch",
          "is %d, which is not a multiple of train.lane-batch = %d"
              .formatted(train.globalBatch(), train.laneBatch()));
    } else if (train.lanes() < cluster.executors()) {
      read.problem(
          "cluster.executors",
          "is %d, but train.global-batch / train.lane-batch = %d / %d gives only %d lanes; allowed: 1 to %d"
              .formatted(
                  cluster.executors(),
                  train.globalBatch(),
                  train.laneBatch(),
                  train.lanes(),
                  train.lanes()));
    }
    if (cluster.minExecutors() > cluster.executors()) {
      read.problem(
          "cluster.min-executors",
          "is %d, more than cluster.executors = %d"
              .formatted(cluster.minExecutors(), cluster.executors()));
    }
    if (settings.data().cachePath().contains(":/")) {
      read.problem(
          "data.cache-path", "is " + settings.data().cachePath() + ", allowed: a local folder");
    }
    if (settings.head().regularisation().isEmpty()) {
      read.problem("head.regularisation", "is empty, allowed: at least one number");
    }
    new WatchValidator(read).check(settings.watch());
    new TrainingValidator(read).check(settings);
    new AugmentValidator(read).check(settings);
  }
}
