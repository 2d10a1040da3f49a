// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.features;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.ml.attribute.Attribute;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.attribute.NominalAttribute;
import org.apache.spark.ml.attribute.NumericAttribute;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructType;
import org.bellows.conf.Settings.OnBadImage;

/**
 * Which columns a network's classes of images are added in. A blank name: no such column.
 *
 * @param input encoded images or paths
 * @param rawPrediction natural logarithms of the probabilities, an ML vector by label; where an
 *     image has any number of classes, log(p / (1 - p))
 * @param probability an ML vector by label
 * @param prediction the likeliest label, a double; or an array of the labels that reach their
 *     thresholds, rising
 * @param predictedLabel the name of its class; or an array of the names
 * @param reason why there is no answer; only with {@code null-with-reason}
 * @param areSeveral whether an image has any number of classes
 */
public record ClassColumns(
    String input,
    String rawPrediction,
    String probability,
    String prediction,
    String predictedLabel,
    String reason,
    OnBadImage onBadImage,
    boolean areSeveral)
    implements Serializable {

  /** The input and what becomes of bad images; {@link ImageColumns} checks these. */
  ImageColumns images() {
    return new ImageColumns(input, "", reason, null, onBadImage);
  }

  /**
   * @param classes names by label, which become metadata of the prediction, or where an image has
   *     any number of classes of the probability; empty: not known yet
   * @throws org.bellows.conf.BellowsException (configuration) when the input is missing or of
   *     another type, or an added column is there already
   */
  public StructType added(StructType schema, List<String> classes) {
    images().requireInput(schema);
    StructType result = add(schema, rawPrediction, SQLDataTypes.VectorType());
    if (areSeveral) {
      result = add(result, probability, SQLDataTypes.VectorType(), names(classes));
      result = add(result, prediction, DataTypes.createArrayType(DataTypes.DoubleType, false));
      result = add(result, predictedLabel, DataTypes.createArrayType(DataTypes.StringType, false));
    } else {
      result = add(result, probability, SQLDataTypes.VectorType());
      result = add(result, prediction, DataTypes.DoubleType, nominal(classes));
      result = add(result, predictedLabel, DataTypes.StringType);
    }
    return images().keepsBadImages() ? add(result, reason, DataTypes.StringType) : result;
  }

  /** So that evaluators know which number is of which class. */
  private Metadata names(List<String> classes) {
    if (classes.isEmpty()) {
      return Metadata.empty();
    }
    Attribute[] named =
        classes.stream()
            .map(name -> (Attribute) NumericAttribute.defaultAttr().withName(name))
            .toArray(Attribute[]::new);
    return new AttributeGroup(probability, named).toMetadata();
  }

  /** So that IndexToString knows them. */
  private Metadata nominal(List<String> classes) {
    if (classes.isEmpty()) {
      return Metadata.empty();
    }
    return NominalAttribute.defaultAttr()
        .withName(prediction)
        .withValues(classes.toArray(String[]::new))
        .toMetadata();
  }

  private static StructType add(StructType schema, String name, DataType type) {
    return add(schema, name, type, Metadata.empty());
  }

  private static StructType add(StructType schema, String name, DataType type, Metadata metadata) {
    if (name.isBlank()) {
      return schema;
    }
    ImageColumns.add(schema, name, type);
    return schema.add(name, type, true, metadata);
  }
}
