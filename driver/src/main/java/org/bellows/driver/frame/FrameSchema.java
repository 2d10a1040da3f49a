// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.frame;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.image.ImageSchema;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ProblemCollector;
import org.bellows.conf.SourceSettings;
import org.bellows.conf.text.Words;

/**
 * The columns of a DataFrame that are read.
 *
 * @param columns as Spark's expressions, in the order of {@link Kinds}
 * @param kinds which they are
 * @param label of the classes; empty where rows have masks alone
 */
record FrameSchema(List<String> columns, Kinds kinds, Optional<StructField> label) {
  /** What an image's column holds. */
  enum ImageKind {
    /** An encoded picture. */
    ENCODED,
    /** The path of a file. */
    PATH,
    /** A struct of {@code bytes} and maybe {@code path}, as Hugging Face's datasets have it. */
    BYTES_STRUCT,
    /** The struct of Spark's {@code image} source. */
    PIXELS
  }

  /**
   * Where in a selected row the values are; -1: nowhere.
   *
   * @param image always at 0
   * @param labelLength of the vectors of labels; -1: their column does not say it
   * @param maskKind any but PIXELS
   */
  record Kinds(
      ImageKind image,
      int label,
      int labelLength,
      int split,
      int path,
      int mask,
      ImageKind maskKind)
      implements Serializable {}

  static final String BYTES = "bytes";

  static FrameSchema of(StructType schema, SourceSettings settings, String place) {
    String maskName = settings.maskColumnOrUsual();
    ProblemCollector problems = new ProblemCollector();
    Optional<StructField> images = find(schema, settings.imageColumn());
    Optional<StructField> paths = find(schema, settings.pathColumn());
    Optional<StructField> labels = find(schema, settings.labelColumn());
    Optional<StructField> splits = find(schema, settings.splitColumn());
    Optional<StructField> masks = find(schema, maskName);
    String image = images.isPresent() ? settings.imageColumn() : settings.pathColumn();
    Optional<ImageKind> kind =
        problems.of(() -> imageKind(images.or(() -> paths), image, schema, settings, place));
    problems.check(() -> requireLabel(labels, masks, schema, settings, maskName, place));
    problems.check(() -> requireStatedMask(masks, schema, settings, place));
    problems.check(() -> requireText(splits, settings.splitColumn(), place));
    ImageKind maskKind =
        problems
            .of(() -> masks.map(field -> maskKind(field, maskName, place)).orElse(ImageKind.PATH))
            .orElse(ImageKind.PATH);
    problems.requireNone();
    List<String> columns = new ArrayList<>(List.of(expression(schema, image)));
    int label = add(columns, schema, labels, settings.labelColumn());
    int split = add(columns, schema, splits, settings.splitColumn());
    boolean areNames = images.isPresent() && paths.filter(FrameSchema::isText).isPresent();
    int path = areNames ? add(columns, schema, paths, settings.pathColumn()) : -1;
    int mask = add(columns, schema, masks, maskName);
    return new FrameSchema(
        columns,
        new Kinds(kind.orElseThrow(), label, length(labels), split, path, mask, maskKind),
        labels);
  }

  /** As VectorAssembler and others say it. */
  private static int length(Optional<StructField> label) {
    return label
        .filter(field -> field.dataType().equals(SQLDataTypes.VectorType()))
        .map(field -> AttributeGroup.fromStructField(field).size())
        .orElse(-1);
  }

  boolean carriesContent() {
    return kinds.image() != ImageKind.PATH;
  }

  private static int add(
      List<String> columns, StructType schema, Optional<StructField> field, String name) {
    if (field.isEmpty()) {
      return -1;
    }
    columns.add(expression(schema, name));
    return columns.size() - 1;
  }

  /** A column, or where none is called so {@code a.b} as the field b of the struct a. */
  private static Optional<StructField> find(StructType schema, String name) {
    for (StructField field : schema.fields()) {
      if (field.name().equals(name)) {
        return Optional.of(field);
      }
    }
    int dot = name.indexOf('.');
    return dot < 0
        ? Optional.empty()
        : find(schema, name.substring(0, dot))
            .filter(field -> field.dataType() instanceof StructType)
            .flatMap(field -> find((StructType) field.dataType(), name.substring(dot + 1)));
  }

  private static String expression(StructType schema, String name) {
    boolean isTop = List.of(schema.fieldNames()).contains(name);
    return isTop ? quoted(name) : quoted(name).replace(".", "`.`");
  }

  private static String quoted(String name) {
    return "`" + name.replace("`", "``") + "`";
  }

  private static ImageKind imageKind(
      Optional<StructField> field,
      String name,
      StructType schema,
      SourceSettings settings,
      String place) {
    if (field.isEmpty()) {
      throw BellowsException.configuration(
          "%s has the columns %s, expected pictures in \"%s\" or their paths in \"%s\""
              .formatted(
                  place,
                  Words.and(List.of(schema.fieldNames())),
                  settings.imageColumn(),
                  settings.pathColumn()));
    }
    DataType type = field.get().dataType();
    if (type instanceof StructType struct && isSparkImage(struct)) {
      return ImageKind.PIXELS;
    }
    return encoded(type)
        .orElseThrow(
            () ->
                unexpected(
                    place,
                    name,
                    type,
                    "binary (encoded pictures), string (paths), Spark's image struct or a struct"
                        + " with binary bytes"));
  }

  static ImageKind maskKind(StructField field, String name, String place) {
    return encoded(field.dataType())
        .orElseThrow(
            () ->
                unexpected(
                    place,
                    name,
                    field.dataType(),
                    "binary (encoded masks), string (paths) or a struct with binary bytes"));
  }

  /** Of what is an encoded picture, or leads to one. */
  private static Optional<ImageKind> encoded(DataType type) {
    if (type.equals(DataTypes.BinaryType)) {
      return Optional.of(ImageKind.ENCODED);
    } else if (type.equals(DataTypes.StringType)) {
      return Optional.of(ImageKind.PATH);
    }
    return type instanceof StructType struct
        ? find(struct, BYTES)
            .filter(field -> field.dataType().equals(DataTypes.BinaryType))
            .map(field -> ImageKind.BYTES_STRUCT)
        : Optional.empty();
  }

  private static boolean isSparkImage(StructType struct) {
    for (StructField field : ImageSchema.columnSchema().fields()) {
      if (find(struct, field.name())
          .filter(found -> found.dataType().equals(field.dataType()))
          .isEmpty()) {
        return false;
      }
    }
    return true;
  }

  private static void requireStatedMask(
      Optional<StructField> mask, StructType schema, SourceSettings settings, String place) {
    if (mask.isEmpty() && !settings.maskColumn().isBlank()) {
      throw BellowsException.configuration(
          "%s has the columns %s, expected masks in \"%s\" (source.mask-column)"
              .formatted(place, Words.and(List.of(schema.fieldNames())), settings.maskColumn()));
    }
  }

  private static void requireLabel(
      Optional<StructField> label,
      Optional<StructField> mask,
      StructType schema,
      SourceSettings settings,
      String maskName,
      String place) {
    if (label.isEmpty()) {
      if (mask.isEmpty()) {
        throw BellowsException.configuration(
            "%s has the columns %s, expected labels in \"%s\" or masks in \"%s\""
                .formatted(
                    place,
                    Words.and(List.of(schema.fieldNames())),
                    settings.labelColumn(),
                    maskName));
      }
      return;
    }
    DataType type = label.get().dataType();
    boolean areSeveral = settings.labels() == SourceSettings.Labels.MULTIPLE;
    if (areSeveral && type.equals(SQLDataTypes.VectorType())) {
      return;
    }
    boolean isList = areSeveral && type instanceof ArrayType;
    if (!isLabel(isList ? ((ArrayType) type).elementType() : type)) {
      throw unexpected(
          place,
          settings.labelColumn(),
          type,
          areSeveral
              ? "text, whole numbers, an array of these, or a vector of 0 and 1"
              : "text or whole numbers");
    }
  }

  private static boolean isLabel(DataType type) {
    return type.equals(DataTypes.StringType)
        || type instanceof DecimalType
        || List.of(
                DataTypes.ByteType,
                DataTypes.ShortType,
                DataTypes.IntegerType,
                DataTypes.LongType,
                DataTypes.FloatType,
                DataTypes.DoubleType)
            .contains(type);
  }

  private static void requireText(Optional<StructField> field, String name, String place) {
    if (field.isPresent() && !isText(field.get())) {
      throw unexpected(place, name, field.get().dataType(), "text");
    }
  }

  private static boolean isText(StructField field) {
    return field.dataType().equals(DataTypes.StringType);
  }

  private static BellowsException unexpected(
      String place, String name, DataType type, String expected) {
    return BellowsException.configuration(
        "%s has \"%s\" as %s, expected %s".formatted(place, name, type.simpleString(), expected));
  }
}
