// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.conf.load;

import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import org.bellows.conf.ClassWeights;
import org.bellows.conf.Key;
import org.bellows.conf.LayerValue;
import org.bellows.conf.PositiveWeights;
import org.bellows.conf.text.ValueText;
import org.bellows.conf.text.Words;

/** The allowed values of a setting, in the words of messages and of {@code bellows settings}. */
final class Allowed {
  static final String FLAG = "true or false";
  static final String TEXT = "text";
  static final String TEXTS = "a list of texts";
  static final String PATHS = "a list of paths, in quotation marks where they hold a colon";

  /** Stands for a number that Bellows chooses, see {@link Key#mayBeAuto}. */
  static final String AUTO = "auto";

  private static final String PATH = "a path";

  private Allowed() {}

  /** By the type of a setting and its {@link Key}. */
  static String of(SettingKeys.Entry entry) {
    Key rules = entry.rules();
    Class<?> type = entry.component().getType();
    if (type == int.class || type == long.class) {
      return whole(rules);
    } else if (type == double.class) {
      return real(rules);
    } else if (type == boolean.class) {
      return FLAG;
    } else if (type == String.class) {
      return rules.isPath() ? PATH : TEXT;
    } else if (type.isEnum()) {
      return choice(type);
    } else if (type == ClassWeights.class) {
      return ClassWeights.WORDS + reals(rules);
    } else if (type == PositiveWeights.class) {
      return PositiveWeights.WORDS + reals(rules);
    } else if (type == List.class) {
      return list(entry);
    }
    return entry.argument(1) == Double.class ? SplitShares.ALLOWED : SplitPaths.ALLOWED;
  }

  private static String list(SettingKeys.Entry entry) {
    Type element = entry.argument(0);
    if (element == String.class) {
      return entry.rules().isPath() ? PATHS : TEXTS;
    }
    if (element == Integer.class) {
      return wholes(entry.rules());
    }
    return element == LayerValue.class ? atLayers(entry.rules()) : reals(entry.rules());
  }

  static String whole(Key rules) {
    if (rules.oneOf().length > 0) {
      return Words.or(Arrays.stream(rules.oneOf()).boxed().toList());
    }
    return isBounded(rules)
        ? "a whole number from %d to %d".formatted((long) rules.min(), (long) rules.max())
        : "a whole number";
  }

  static String real(Key rules) {
    String range =
        "a number from %s to %s"
            .formatted(ValueText.plain(rules.min()), ValueText.plain(rules.max()));
    return rules.mayBeAuto() ? AUTO + " or " + range : range;
  }

  static String reals(Key rules) {
    return "a list of numbers from %s to %s"
        .formatted(ValueText.plain(rules.min()), ValueText.plain(rules.max()));
  }

  static String wholes(Key rules) {
    return "a list of whole numbers from %s to %s"
        .formatted(ValueText.plain(rules.min()), ValueText.plain(rules.max()));
  }

  static String atLayers(Key rules) {
    return "a list of \"LAYER@NUMBER\", the numbers from %s to %s"
        .formatted(ValueText.plain(rules.min()), ValueText.plain(rules.max()));
  }

  /**
   * @param type an enum
   */
  static String choice(Class<?> type) {
    return Words.or(names(type));
  }

  static List<String> names(Class<?> type) {
    return Arrays.stream(type.getEnumConstants())
        .map(constant -> ValueText.name((Enum<?>) constant))
        .toList();
  }

  /** Whether a whole number has a least and a most. */
  static boolean isBounded(Key rules) {
    return !Double.isNaN(rules.min());
  }
}
