// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.frame;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.util.SerializableConfiguration;
import org.bellows.conf.BellowsException;
import org.bellows.conf.Settings;
import org.bellows.conf.SourceSettings;
import org.bellows.data.prepare.listing.ItemRows;
import org.bellows.data.prepare.listing.ListingResult;
import org.bellows.data.prepare.source.SplitRules;
import org.bellows.data.prepare.source.part.ClassLabels;
import org.bellows.data.prepare.source.part.LabelRule;
import org.bellows.data.prepare.source.part.Source;
import org.bellows.data.storage.Storage;

/** A DataFrame as a source of pictures. */
public final class FrameSource {
  private static final int RGB = 3;
  private static final String ENVIRONMENT = "env:";

  private FrameSource() {}

  /**
   * {@code source.path} as Spark reads it by {@code source.spark-format} and {@code
   * source.spark-options}.
   *
   * @throws BellowsException (configuration) when an option's environment variable is not set;
   *     (data) when Spark cannot read it
   */
  public static Dataset<Row> read(SparkSession spark, SourceSettings settings) {
    DataFrameReader reader = spark.read().format(settings.sparkFormat());
    for (String option : settings.sparkOptions()) {
      int equals = option.indexOf('=');
      reader.option(option.substring(0, equals), value(option.substring(equals + 1)));
    }
    try {
      return settings.path().isBlank()
          ? reader.load()
          : reader.load(Storage.qualify(settings.path()).toString());
    } catch (BellowsException e) {
      throw e;
    } catch (Exception e) {
      // Scala's methods throw checked exceptions without declaring them.
      throw BellowsException.data(
          "Spark cannot read %s as %s: %s"
              .formatted(place(settings), settings.sparkFormat(), Storage.reason(e)),
          e);
    }
  }

  private static String value(String written) {
    if (!written.startsWith(ENVIRONMENT)) {
      return written;
    }
    String name = written.substring(ENVIRONMENT.length());
    String value = System.getenv(name);
    if (value == null) {
      throw BellowsException.configuration(
          "source.spark-options names the environment variable %s, which is not set"
              .formatted(name));
    }
    return value;
  }

  /** What messages call the source. */
  public static String place(SourceSettings settings) {
    return settings.path().isBlank() ? settings.sparkFormat() : settings.path();
  }

  /**
   * The pictures of a DataFrame: {@code source.image-column}, or where there is none the files at
   * {@code source.path-column}; {@code source.label-column}; and if there are columns of these
   * names {@code source.split-column}, {@code source.path-column} and {@code source.mask-column}.
   *
   * @param place what messages call it
   * @throws BellowsException (configuration) for columns that are missing or of another type, with
   *     all that is wrong
   */
  public static ItemRows items(
      Dataset<Row> rows, SourceSettings settings, Settings.Prepare prepare, String place) {
    FrameSchema schema = FrameSchema.of(rows.schema(), settings, place);
    List<Column> columns = new ArrayList<>();
    schema.columns().forEach(column -> columns.add(functions.col(column)));
    Source source =
        new Source(
            place,
            SourceSettings.Format.SPARK,
            RGB,
            schema.carriesContent(),
            List.of(),
            classes(schema, place),
            List.of());
    SerializableConfiguration hadoop =
        new SerializableConfiguration(rows.sparkSession().sparkContext().hadoopConfiguration());
    FrameItems items =
        new FrameItems(
            hadoop,
            schema.kinds(),
            settings.defaultSplit(),
            LabelRule.of(settings),
            SplitRules.of(settings, prepare));
    JavaRDD<ListingResult> found =
        rows.select(columns.toArray(Column[]::new)).javaRDD().mapPartitions(items);
    return new ItemRows(source, found);
  }

  /**
   * @param place what messages call the DataFrame
   * @throws BellowsException (configuration) for a column of a type that cannot hold masks
   */
  public static void requireMasks(StructField column, String place) {
    FrameSchema.maskKind(column, column.name(), place);
  }

  /** Whether a column of labels holds any number of them a row: arrays, or vectors of 0 and 1. */
  public static boolean holdsLists(StructField column) {
    return column.dataType() instanceof ArrayType
        || column.dataType().equals(SQLDataTypes.VectorType());
  }

  /** What StringIndexer knows of the labels' names, or VectorAssembler of their number. */
  private static ClassLabels classes(FrameSchema schema, String place) {
    String origin = "the label's column of " + place;
    if (schema.kinds().labelLength() > 0) {
      return ClassLabels.named(
          IntStream.range(0, schema.kinds().labelLength()).mapToObj(Integer::toString).toList(),
          origin);
    }
    return schema
        .label()
        .filter(field -> field.metadata().contains("ml_attr"))
        .map(field -> field.metadata().getMetadata("ml_attr"))
        .filter(attribute -> attribute.contains("vals"))
        .map(attribute -> List.of(attribute.getStringArray("vals")))
        .map(names -> ClassLabels.named(names, origin))
        .orElse(ClassLabels.named(List.of(), ""));
  }
}
