// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source.table;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation.ListLogicalTypeAnnotation;
import org.apache.parquet.schema.Type;
import org.bellows.data.prepare.source.part.LabelRule;

/**
 * Labels of a row: a list of texts or whole numbers, in each form that Parquet's specification has
 * for lists (LogicalTypes.md, "Lists"), or one value of a {@link LabelColumn}, which the rule
 * reads.
 */
final class LabelListColumn {
  private final TableColumn column;
  private final LabelRule rule;

  /** Of one element, or of the value itself where the column is no list. */
  private final LabelColumn elements;

  /** Names of the repeated field and of the group in it; empty: elements are that field's. */
  private final Optional<Type> repeated;

  /** Labels, or why there are none; both null where the row has no value. */
  record Value(List<String> labels, String problem) {}

  private LabelListColumn(
      TableColumn column, LabelRule rule, LabelColumn elements, Optional<Type> repeated) {
    this.column = column;
    this.rule = rule;
    this.elements = elements;
    this.repeated = repeated;
  }

  /** Empty where a column of its type holds no labels. */
  static Optional<LabelListColumn> of(TableColumn column, LabelRule rule) {
    Type type = column.type();
    if (isLabel(type)) {
      return Optional.of(
          new LabelListColumn(column, rule, new LabelColumn(column), Optional.empty()));
    }
    return repeated(type)
        .filter(list -> rule.areSeveral())
        .map(list -> new TableColumn(List.of(column.name()), element(list)))
        .filter(element -> isLabel(element.type()))
        .map(
            element -> new LabelListColumn(column, rule, new LabelColumn(element), repeated(type)));
  }

  private static boolean isLabel(Type type) {
    return LabelColumn.isText(type) || LabelColumn.isNumber(type);
  }

  /** The field that is there once for each element. */
  private static Optional<Type> repeated(Type type) {
    if (type.isRepetition(Type.Repetition.REPEATED)) {
      return Optional.of(type);
    }
    boolean isList =
        !type.isPrimitive()
            && type.getLogicalTypeAnnotation() instanceof ListLogicalTypeAnnotation
            && type.asGroupType().getFieldCount() == 1;
    return isList
        ? Optional.of(type.asGroupType().getType(0))
            .filter(field -> field.isRepetition(Type.Repetition.REPEATED))
        : Optional.empty();
  }

  /** Of a repeated field with a group of one field that field, else the repeated field itself. */
  private static Type element(Type list) {
    if (!list.isPrimitive() && list.asGroupType().getFieldCount() == 1) {
      return list.asGroupType().getType(0);
    }
    return list.isPrimitive() ? LabelColumn.single(list.asPrimitiveType()) : list;
  }

  List<String> path() {
    return column.path();
  }

  Value of(Group row) {
    if (repeated.isEmpty()) {
      LabelColumn.Value value = elements.of(row);
      boolean isEmptyText = value.label() == null && value.problem() == null && rule.areSeveral();
      if (isEmptyText && elements.isThere(row)) {
        return new Value(List.of(), null);
      }
      return value.label() == null
          ? new Value(null, value.problem())
          : new Value(rule.of(value.label()), null);
    }
    Group parent = column.parent(row);
    String field = column.type().getName();
    if (column.type().isRepetition(Type.Repetition.REPEATED)) {
      return parent == null ? new Value(null, null) : all(parent, column.type());
    }
    return parent == null || parent.getFieldRepetitionCount(field) == 0
        ? new Value(null, null)
        : all(parent.getGroup(field, 0), repeated.get());
  }

  private Value all(Group list, Type each) {
    List<String> labels = new ArrayList<>();
    int count = list.getFieldRepetitionCount(each.getName());
    for (int i = 0; i < count; i++) {
      LabelColumn.Value value = element(list, each, i);
      if (value.problem() != null) {
        return new Value(null, value.problem());
      }
      if (value.label() == null) {
        return new Value(null, "has an empty value in its " + column.name());
      }
      labels.add(value.label());
    }
    return new Value(LabelRule.cleaned(labels), null);
  }

  private LabelColumn.Value element(Group list, Type each, int index) {
    if (each.isPrimitive()) {
      return elements.of(list, each.getName(), index);
    }
    GroupType group = each.asGroupType();
    Group element = list.getGroup(each.getName(), index);
    String field = group.getType(0).getName();
    return element.getFieldRepetitionCount(field) == 0
        ? LabelColumn.Value.bad(null)
        : elements.of(element, field, 0);
  }
}
