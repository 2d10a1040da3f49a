// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.features;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.ml.image.ImageSchema;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.bellows.conf.BellowsException;
import org.bellows.conf.Settings.OnBadImage;
import org.bellows.conf.text.Words;

/**
 * Which columns are read and added.
 *
 * @param input encoded images (binary), paths of image files (string) or Spark's image struct
 * @param output what is computed of the image
 * @param reason why there is no output; only with {@code null-with-reason}
 * @param top likeliest classes: array of struct (class, probability); null: no such column
 */
record ImageColumns(String input, String output, String reason, String top, OnBadImage onBadImage)
    implements Serializable {
  static final StructType CLASS =
      new StructType()
          .add("class", DataTypes.StringType, false)
          .add("probability", DataTypes.DoubleType, false);

  /** The column that binaryFile names files in. */
  private static final String PATH = "path";

  boolean keepsBadImages() {
    return onBadImage == OnBadImage.NULL_WITH_REASON;
  }

  /**
   * @throws BellowsException (configuration) when the input is missing or of another type, or an
   *     added column is there already
   */
  StructType added(StructType schema, DataType outputType) {
    requireInput(schema);
    StructType result = add(schema, output, outputType);
    if (top != null) {
      result = add(result, top, DataTypes.createArrayType(CLASS, false));
    }
    return keepsBadImages() ? add(result, reason, DataTypes.StringType) : result;
  }

  /**
   * @throws BellowsException (configuration) when the input is missing or of another type
   */
  void requireInput(StructType schema) {
    int index = inputIndex(schema);
    DataType type = schema.apply(index).dataType();
    boolean isSparkImage =
        type instanceof StructType struct
            && List.of(struct.fieldNames())
                .equals(List.of(ImageSchema.columnSchema().fieldNames()));
    if (!isSparkImage && !type.equals(DataTypes.BinaryType) && !type.equals(DataTypes.StringType)) {
      throw BellowsException.configuration(
          "column %s is %s, expected binary (encoded images), string (paths) or Spark's image struct"
              .formatted(input, type.simpleString()));
    }
  }

  static StructType add(StructType schema, String name, DataType type) {
    for (StructField field : schema.fields()) {
      if (field.name().equals(name)) {
        throw BellowsException.configuration("there is a column %s already".formatted(name));
      }
    }
    return schema.add(name, type, true);
  }

  /** Metadata of other stages on their columns is lost in an encoder. */
  static Dataset<Row> withMetadata(Dataset<Row> rows, StructType schema) {
    Column[] columns = new Column[schema.length()];
    for (int i = 0; i < columns.length; i++) {
      String name = schema.apply(i).name();
      columns[i] =
          functions.col("`" + name.replace("`", "``") + "`").as(name, schema.apply(i).metadata());
    }
    return rows.select(columns);
  }

  int inputIndex(StructType schema) {
    String[] names = schema.fieldNames();
    for (int i = 0; i < names.length; i++) {
      if (names[i].equals(input)) {
        return i;
      }
    }
    throw BellowsException.configuration(
        "there is no column %s; there are %s".formatted(input, Words.and(List.of(names))));
  }

  /** The column that names an image in messages, or -1. */
  int nameIndex(StructType schema) {
    int index = inputIndex(schema);
    if (schema.apply(index).dataType().equals(DataTypes.StringType)) {
      return index;
    }
    String[] names = schema.fieldNames();
    for (int i = 0; i < names.length; i++) {
      if (names[i].equals(PATH) && schema.apply(i).dataType().equals(DataTypes.StringType)) {
        return i;
      }
    }
    return -1;
  }
}
