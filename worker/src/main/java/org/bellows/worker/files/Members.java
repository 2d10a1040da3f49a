// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.files;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import org.bellows.conf.BellowsException;

/** Finds members that a file lacks and that its reader needs. */
final class Members {
  /** Numbers that a record may lack: it would hold a primitive otherwise. */
  private static final Set<Class<?>> BOXED =
      Set.of(Integer.class, Long.class, Double.class, Boolean.class);

  private Members() {}

  /**
   * @param value a record, or an array of some; what else there is, such as a map, is passed over
   * @throws BellowsException (data) naming the first member that is null and must not be
   */
  static void requireAll(Object value, Object where) {
    if (value instanceof Record || value instanceof Object[]) {
      require(value, where, "");
    }
  }

  private static void require(Object value, Object where, String place) {
    if (value instanceof Record members) {
      for (RecordComponent component : members.getClass().getRecordComponents()) {
        Object member = member(members, component);
        String name = place.isEmpty() ? component.getName() : place + "." + component.getName();
        if (member != null) {
          if (!holdsAnything(component)) {
            require(member, where, name);
          }
        } else if (!mayBeNull(component)) {
          throw lacks(where, name);
        }
      }
    } else if (value instanceof Collection<?> items) {
      items.forEach(item -> requireItem(item, where, place + "[]"));
    } else if (value instanceof Map<?, ?> entries) {
      entries.forEach((key, item) -> requireItem(item, where, place + "." + key));
    } else if (value instanceof Object[] items) {
      for (Object item : items) {
        requireItem(item, where, place + "[]");
      }
    }
  }

  private static void requireItem(Object item, Object where, String place) {
    if (item == null) {
      throw lacks(where, place);
    }
    require(item, where, place);
  }

  /** Values of any type, such as the metrics of a run, may be null. */
  private static boolean holdsAnything(RecordComponent component) {
    return component.getGenericType() instanceof ParameterizedType type
        && Arrays.asList(type.getActualTypeArguments()).contains(Object.class);
  }

  private static boolean mayBeNull(RecordComponent component) {
    return component.isAnnotationPresent(NullableMember.class)
        || BOXED.contains(component.getType());
  }

  /**
   * @param name of a component
   */
  static Object member(Record members, String name) {
    for (RecordComponent component : members.getClass().getRecordComponents()) {
      if (component.getName().equals(name)) {
        return member(members, component);
      }
    }
    throw new IllegalArgumentException(members.getClass() + " has no component " + name);
  }

  private static Object member(Record members, RecordComponent component) {
    try {
      component.getAccessor().setAccessible(true);
      return component.getAccessor().invoke(members);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("a record's member cannot be read: " + component, e);
    }
  }

  private static BellowsException lacks(Object where, String member) {
    return BellowsException.data("%s is damaged: its member %s is null".formatted(where, member));
  }
}
