// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source.table;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/**
 * A column of a table, perhaps a field of a struct: {@code image.bytes}. A column whose own name
 * has dots comes before a field that is spelled the same.
 *
 * @param path names from the table's column down to it
 */
record TableColumn(List<String> path, Type type) {
  TableColumn {
    path = List.copyOf(path);
  }

  static Optional<TableColumn> find(MessageType schema, String name) {
    return find(schema, name, List.of());
  }

  private static Optional<TableColumn> find(GroupType group, String name, List<String> above) {
    if (group.containsField(name)) {
      return Optional.of(new TableColumn(with(above, name), group.getType(name)));
    }
    for (int dot = name.indexOf('.'); dot > 0; dot = name.indexOf('.', dot + 1)) {
      String first = name.substring(0, dot);
      if (group.containsField(first) && isStruct(group.getType(first))) {
        GroupType struct = group.getType(first).asGroupType();
        Optional<TableColumn> found = find(struct, name.substring(dot + 1), with(above, first));
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }

  /** One of the struct's fields, if it is a struct and has it. */
  Optional<TableColumn> field(String name) {
    return isStruct(type) && type.asGroupType().containsField(name)
        ? Optional.of(new TableColumn(with(path, name), type.asGroupType().getType(name)))
        : Optional.empty();
  }

  String name() {
    return String.join(".", path);
  }

  /** The group of a row that has the column as its field; null where a struct above is null. */
  Group parent(Group row) {
    Group parent = row;
    for (String struct : path.subList(0, path.size() - 1)) {
      if (parent.getFieldRepetitionCount(struct) == 0) {
        return null;
      }
      parent = parent.getGroup(struct, 0);
    }
    return parent;
  }

  /** The schema of those columns alone. */
  static MessageType projection(MessageType schema, Set<List<String>> columns) {
    return new MessageType(schema.getName(), kept(schema, List.of(), columns));
  }

  private static List<Type> kept(GroupType group, List<String> above, Set<List<String>> columns) {
    List<Type> kept = new ArrayList<>();
    for (Type field : group.getFields()) {
      List<String> path = with(above, field.getName());
      if (columns.contains(path)) {
        kept.add(field);
      } else if (columns.stream().anyMatch(column -> isBelow(column, path))) {
        GroupType struct = field.asGroupType();
        kept.add(struct.withNewFields(kept(struct, path, columns)));
      }
    }
    return kept;
  }

  private static boolean isBelow(List<String> column, List<String> struct) {
    return column.size() > struct.size() && column.subList(0, struct.size()).equals(struct);
  }

  private static boolean isStruct(Type type) {
    return !type.isPrimitive()
        && !type.isRepetition(Type.Repetition.REPEATED)
        && type.getLogicalTypeAnnotation() == null;
  }

  private static List<String> with(List<String> path, String name) {
    List<String> longer = new ArrayList<>(path);
    longer.add(name);
    return longer;
  }
}
