// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source.table;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.bellows.data.prepare.source.part.ItemContent.EncodedBytes;

/**
 * The images of a table's rows: a column of encoded images; a struct with such a field {@code
 * bytes}, as Hugging Face's {@code datasets} writes it; or the struct of Spark's {@code image}
 * source, whose {@code data} has the pixels.
 */
final class ImageColumn {
  private static final String BYTES = "bytes";
  private static final String DATA = "data";
  private static final String HEIGHT = "height";
  private static final String WIDTH = "width";
  private static final String MODE = "mode";

  private final TableColumn column;
  private final TableColumn bytes;
  private final boolean isPixels;

  private ImageColumn(TableColumn column, TableColumn bytes, boolean isPixels) {
    this.column = column;
    this.bytes = bytes;
    this.isPixels = isPixels;
  }

  /** Content, or why there is none, as a predicate. */
  record Value(EncodedBytes content, String problem) {
    static Value bad(String problem) {
      return new Value(null, problem);
    }
  }

  static Optional<ImageColumn> of(TableColumn column) {
    if (LabelColumn.isBytes(column.type())) {
      return Optional.of(new ImageColumn(column, column, false));
    }
    Optional<TableColumn> encoded =
        column.field(BYTES).filter(field -> LabelColumn.isBytes(field.type()));
    if (encoded.isPresent()) {
      return Optional.of(new ImageColumn(column, encoded.get(), false));
    }
    boolean hasSizes =
        Stream.of(HEIGHT, WIDTH, MODE)
            .allMatch(name -> column.field(name).filter(field -> isInt(field.type())).isPresent());
    return column
        .field(DATA)
        .filter(field -> hasSizes && LabelColumn.isBytes(field.type()))
        .map(data -> new ImageColumn(column, data, true));
  }

  /** Whether they are pixels, and not encoded images. */
  boolean isPixels() {
    return isPixels;
  }

  /** The columns that it reads. */
  List<TableColumn> columns() {
    return isPixels
        ? Stream.of(HEIGHT, WIDTH, MODE, DATA)
            .map(name -> column.field(name).orElseThrow())
            .toList()
        : List.of(bytes);
  }

  /** That of them in a row group which has nearly all bytes. */
  ColumnChunkMetaData largest(BlockMetaData block) {
    return block.getColumns().stream()
        .filter(chunk -> List.of(chunk.getPath().toArray()).equals(bytes.path()))
        .findFirst()
        .orElseThrow();
  }

  /** Whether the row has a value. */
  boolean isThere(Group row) {
    Group parent = bytes.parent(row);
    return parent != null && parent.getFieldRepetitionCount(bytes.type().getName()) > 0;
  }

  Value of(Group row) {
    if (!isThere(row)) {
      return Value.bad("has no " + bytes.name());
    }
    Group parent = bytes.parent(row);
    byte[] content = parent.getBinary(bytes.type().getName(), 0).getBytes();
    return isPixels ? pixels(parent, content) : new Value(new EncodedBytes(content), null);
  }

  private Value pixels(Group struct, byte[] data) {
    for (String name : List.of(HEIGHT, WIDTH, MODE)) {
      if (struct.getFieldRepetitionCount(name) == 0) {
        return Value.bad("has no %s.%s".formatted(column.name(), name));
      }
    }
    SparkPixels pixels =
        SparkPixels.of(
            struct.getInteger(HEIGHT, 0),
            struct.getInteger(WIDTH, 0),
            struct.getInteger(MODE, 0),
            data);
    return pixels.problem() == null
        ? new Value(new EncodedBytes(pixels.png()), null)
        : Value.bad(pixels.problem());
  }

  private static boolean isInt(Type type) {
    return type.isPrimitive()
        && !type.isRepetition(Type.Repetition.REPEATED)
        && type.asPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.INT32;
  }
}
