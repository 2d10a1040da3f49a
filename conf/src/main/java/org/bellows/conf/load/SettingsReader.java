// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.conf.load;

import com.typesafe.config.Config;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.function.Function;
import org.bellows.conf.ClassWeights;
import org.bellows.conf.Key;
import org.bellows.conf.LayerValue;
import org.bellows.conf.PositiveWeights;
import org.bellows.conf.Problem;
import org.bellows.conf.Settings;
import org.bellows.conf.check.SettingsValidator;
import org.bellows.conf.text.ValueText;

/** From a resolved configuration to typed records: ranges first, then contradictions. */
final class SettingsReader {
  private final ConfigReader read;
  private final List<String> given;

  /**
   * @param given keys of the configuration that are not the reference's
   */
  SettingsReader(Config config, Config reference, List<String> given) {
    this.read = new ConfigReader(config, reference);
    this.given = given;
  }

  Settings read() {
    Settings asked = make(Settings.class, this::section);
    Settings settings = with(asked, "schedule", asked.schedule().forRunOf(asked.train().epochs()));
    settings = withText(settings);
    new SettingsValidator(read::problem).check(settings);
    return settings;
  }

  List<Problem> problems() {
    return read.problems();
  }

  /** All but the effective configuration, which is written down once the rest is known. */
  private Object section(RecordComponent section) {
    if (section.getType().isRecord()) {
      return make(section.getType(), component -> value(SettingKeys.entry(section, component)));
    }
    return section.getType() == List.class ? given : "";
  }

  static Settings withText(Settings settings) {
    return with(settings, "effectiveJson", SettingsText.json(settings));
  }

  /** The same but for one component. */
  static <T extends Record> T with(T record, String component, Object value) {
    @SuppressWarnings("unchecked") // the class of a record is final
    Class<T> type = (Class<T>) record.getClass();
    return make(
        type, any -> any.getName().equals(component) ? value : SettingKeys.read(any, record));
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
    if (type == int.class) {
      return read.integer(key, rules);
    } else if (type == long.class) {
      return read.integral(key, rules);
    } else if (type == double.class) {
      return read.real(key, rules);
    } else if (type == boolean.class) {
      return read.flag(key);
    } else if (type == String.class) {
      return rules.isPath() ? read.path(key) : read.text(key);
    } else if (type.isEnum()) {
      return read.choice(key, type);
    }
    return several(entry);
  }

  private Object several(SettingKeys.Entry entry) {
    String key = entry.name();
    Key rules = entry.rules();
    Class<?> type = entry.component().getType();
    if (type == ClassWeights.class) {
      return classWeights(key, rules);
    } else if (type == PositiveWeights.class) {
      return read.isWord(key, PositiveWeights.BALANCED)
          ? PositiveWeights.ofBalanced()
          : PositiveWeights.of(read.reals(key, PositiveWeights.WORDS, rules));
    } else if (type == SortedMap.class) {
      return entry.argument(1) == Double.class
          ? SplitShares.read(read, key)
          : SplitPaths.read(read, key);
    } else if (type == List.class) {
      Type element = entry.argument(0);
      if (element == Double.class) {
        return read.reals(key, rules);
      } else if (element == Integer.class) {
        return read.integers(key, rules);
      } else if (element == LayerValue.class) {
        return read.atLayers(key, rules);
      } else if (element == String.class) {
        return rules.isPath() ? read.paths(key) : read.texts(key);
      }
    }
    throw new IllegalStateException(
        "%s is a %s, which cannot be read".formatted(key, entry.component().getGenericType()));
  }

  private ClassWeights classWeights(String key, Key rules) {
    for (ClassWeights.Rule rule : ClassWeights.Rule.values()) {
      ClassWeights weights = ClassWeights.of(rule);
      if (weights.areCounted() && read.isWord(key, ValueText.name(rule))) {
        return weights;
      }
    }
    return ClassWeights.of(read.reals(key, ClassWeights.WORDS, rules));
  }
}
