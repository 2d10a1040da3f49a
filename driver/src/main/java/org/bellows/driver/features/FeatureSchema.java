// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.features;

import java.util.Map;
import java.util.TreeMap;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.bellows.conf.BellowsException;

/**
 * The columns of a feature file. The features are stored like a dense vector of Spark ML, and
 * Spark's own key in the footer says so: read by Spark the column is an ML vector, read by anything
 * else a struct whose {@code values} are a list of doubles.
 */
public final class FeatureSchema {
  static final String PREFIX = "bellows.";
  static final String FORMAT = PREFIX + "features-format";
  static final String VERSION = "1";
  static final String SPARK_SCHEMA = "org.apache.spark.sql.parquet.row.metadata";

  static final String ID = "id";
  static final String SPLIT = "split";
  static final String SOURCE = "source";
  static final String LABEL = "label";
  static final String CLASS = "class";
  static final String FEATURES = "features";
  static final String REASON = "reason";
  static final String TOP = "top";

  private static final String COLUMNS =
      """
      message features {
        required int64 id;
        optional binary split (STRING);
        required binary source (STRING);
        optional int32 label;
        optional binary class (STRING);
        optional group features {
          required int32 type (INTEGER(8, true));
          optional int32 size;
          optional group indices (LIST) { repeated group list { required int32 element; } }
          optional group values (LIST) { repeated group list { required double element; } }
        }
        optional binary reason (STRING);
      %s}
      """;

  private static final String TOP_COLUMN =
      """
        optional group top (LIST) {
          repeated group list {
            required group element {
              required binary class (STRING);
              required double probability;
            }
          }
        }
      """;

  private FeatureSchema() {}

  static MessageType parquet(boolean withTop) {
    return MessageTypeParser.parseMessageType(COLUMNS.formatted(withTop ? TOP_COLUMN : ""));
  }

  static StructType spark(boolean withTop) {
    StructType schema =
        new StructType()
            .add(ID, DataTypes.LongType, false)
            .add(SPLIT, DataTypes.StringType)
            .add(SOURCE, DataTypes.StringType, false)
            .add(LABEL, DataTypes.IntegerType)
            .add(CLASS, DataTypes.StringType)
            .add(FEATURES, SQLDataTypes.VectorType())
            .add(REASON, DataTypes.StringType);
    return withTop ? schema.add(TOP, DataTypes.createArrayType(ImageColumns.CLASS, false)) : schema;
  }

  /**
   * The metadata that {@code extract-features} writes into a file's footer, keys without prefix.
   *
   * @param file for messages
   * @throws BellowsException (data) when it is not such a file
   */
  public static Map<String, String> provenance(Map<String, String> footer, Object file) {
    if (!VERSION.equals(footer.get(FORMAT))) {
      throw BellowsException.data(
          "%s is not a file of extract-features: %s is %s, expected %s"
              .formatted(file, FORMAT, footer.get(FORMAT), VERSION));
    }
    Map<String, String> provenance = new TreeMap<>();
    footer.forEach(
        (key, value) -> {
          if (key.startsWith(PREFIX)) {
            provenance.put(key.substring(PREFIX.length()), value);
          }
        });
    return provenance;
  }

  /** The footer's keys: where the features come from, and Spark's schema. */
  static Map<String, String> footer(Map<String, String> provenance, boolean withTop) {
    Map<String, String> footer = new TreeMap<>();
    provenance.forEach((key, value) -> footer.put(PREFIX + key, value));
    footer.put(FORMAT, VERSION);
    footer.put(SPARK_SCHEMA, spark(withTop).json());
    return footer;
  }
}
