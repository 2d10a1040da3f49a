// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.conf.load;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.bellows.conf.Key;
import org.bellows.conf.Settings;

/** The components of the records in {@link Settings}, by their keys. */
public final class SettingKeys {
  private SettingKeys() {}

  /**
   * One setting.
   *
   * @param name "section.key"
   * @param section of {@link Settings}
   * @param component of the section's record
   */
  public record Entry(String name, RecordComponent section, RecordComponent component) {

    /**
     * @throws IllegalStateException for a component that does not say what it may be
     */
    public Key rules() {
      Key rules = component.getAnnotation(Key.class);
      if (rules == null) {
        throw new IllegalStateException(name + " has no @Key");
      }
      return rules;
    }

    /** Of a setting that is a list or a map, a type of what it holds. */
    Type argument(int index) {
      return ((ParameterizedType) component.getGenericType()).getActualTypeArguments()[index];
    }

    /** What the setting is. */
    public Object value(Settings settings) {
      return read(component, read(section, settings));
    }
  }

  /** In the order of the records. */
  public static List<Entry> all() {
    List<Entry> all = new ArrayList<>();
    for (RecordComponent section : Settings.class.getRecordComponents()) {
      if (section.getType().isRecord()) {
        for (RecordComponent component : section.getType().getRecordComponents()) {
          all.add(entry(section, component));
        }
      }
    }
    return all;
  }

  static Entry entry(RecordComponent section, RecordComponent component) {
    String name = dashed(section.getName()) + "." + dashed(component.getName());
    return new Entry(name, section, component);
  }

  /** maxBadFraction is max-bad-fraction. */
  private static String dashed(String camelCase) {
    return camelCase.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }

  static Object read(RecordComponent component, Object record) {
    try {
      return component.getAccessor().invoke(record);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("cannot read " + component, e);
    }
  }
}
