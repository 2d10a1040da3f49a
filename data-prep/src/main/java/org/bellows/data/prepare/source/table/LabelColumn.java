// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source.table;

import java.util.HexFormat;
import java.util.List;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.EnumLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.StringLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;
import org.bellows.data.prepare.source.part.IntegerLabels;
import org.bellows.data.text.Utf8;

/**
 * Columns of text and of whole numbers in a Parquet file, by their logical type: a date is an
 * integer to the file format, and no number that counts classes.
 */
final class LabelColumn {
  private static final int SHOWN_BYTES = 8;

  private final TableColumn column;
  private final String name;
  private final boolean isNumber;
  private final boolean isUnsigned;
  private final boolean isLong;
  private final boolean isMarkedText;

  /** A label, or why there is none; both null where the row has no value. */
  record Value(String label, String problem) {
    static Value bad(String problem) {
      return new Value(null, problem);
    }
  }

  LabelColumn(TableColumn column) {
    PrimitiveType type = column.type().asPrimitiveType();
    LogicalTypeAnnotation kind = type.getLogicalTypeAnnotation();
    this.column = column;
    this.name = column.name();
    this.isNumber = isNumber(type);
    this.isLong = type.getPrimitiveTypeName() == PrimitiveTypeName.INT64;
    this.isUnsigned = kind instanceof IntLogicalTypeAnnotation whole && !whole.isSigned();
    this.isMarkedText = kind != null;
  }

  /** Text, as such or without a mark as old writers have it. */
  static boolean isText(Type column) {
    LogicalTypeAnnotation kind = column.getLogicalTypeAnnotation();
    return isOne(column, PrimitiveTypeName.BINARY)
        && (kind == null
            || kind instanceof StringLogicalTypeAnnotation
            || kind instanceof EnumLogicalTypeAnnotation);
  }

  /** Text that is marked as such: not bytes that may be anything. */
  static boolean isMarkedText(Type column) {
    return isText(column) && column.getLogicalTypeAnnotation() != null;
  }

  static boolean isNumber(Type column) {
    LogicalTypeAnnotation kind = column.getLogicalTypeAnnotation();
    boolean isWhole =
        isOne(column, PrimitiveTypeName.INT32) || isOne(column, PrimitiveTypeName.INT64);
    return isWhole && (kind == null || kind instanceof IntLogicalTypeAnnotation);
  }

  static boolean isBytes(Type column) {
    return isOne(column, PrimitiveTypeName.BINARY);
  }

  private static boolean isOne(Type column, PrimitiveTypeName type) {
    return column.isPrimitive()
        && !column.isRepetition(Type.Repetition.REPEATED)
        && column.asPrimitiveType().getPrimitiveTypeName() == type;
  }

  String name() {
    return name;
  }

  List<String> path() {
    return column.path();
  }

  /** The type of one of the values of a repeated field. */
  static Type single(PrimitiveType repeated) {
    return Types.required(repeated.getPrimitiveTypeName())
        .as(repeated.getLogicalTypeAnnotation())
        .named(repeated.getName());
  }

  /** Whether the row has a value, be it empty. */
  boolean isThere(Group row) {
    Group parent = column.parent(row);
    return parent != null && parent.getFieldRepetitionCount(column.type().getName()) > 0;
  }

  Value of(Group row) {
    return isThere(row) ? of(column.parent(row), column.type().getName(), 0) : Value.bad(null);
  }

  /** As above, of a group's field that is there at this index. */
  Value of(Group parent, String field, int index) {
    return isNumber
        ? number(parent, field, index)
        : text(parent.getBinary(field, index).getBytes());
  }

  private Value number(Group parent, String field, int index) {
    long value = isLong ? parent.getLong(field, index) : parent.getInteger(field, index);
    String digits =
        !isUnsigned
            ? Long.toString(value)
            : isLong ? Long.toUnsignedString(value) : Integer.toUnsignedString((int) value);
    return IntegerLabels.isIndex(digits)
        ? new Value(digits, null)
        : Value.bad(IntegerLabels.problem(digits));
  }

  private Value text(byte[] bytes) {
    String text = Utf8.decode(bytes);
    String problem = Utf8.problem(text);
    if (problem != null) {
      return Value.bad("has a %s that %s".formatted(name, problem));
    }
    if (!isMarkedText && text.chars().anyMatch(c -> c < ' ')) {
      int shown = Math.min(bytes.length, SHOWN_BYTES);
      return Value.bad(
          "has %d bytes as %s, %s%s, expected text"
              .formatted(
                  bytes.length,
                  name,
                  HexFormat.ofDelimiter(" ").formatHex(bytes, 0, shown),
                  shown < bytes.length ? " ..." : ""));
    }
    return text.isBlank() ? Value.bad(null) : new Value(text.strip(), null);
  }
}
