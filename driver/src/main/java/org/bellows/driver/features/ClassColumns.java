// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.features;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.ml.attribute.NominalAttribute;
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
 * @param rawPrediction natural logarithms of the probabilities, an ML vector by label
 * @param probability an ML vector by label
 * @param prediction the likeliest label, a double
 * @param predictedLabel the name of its class
 * @param reason why there is no answer; only with {@code null-with-reason}
 */
public record ClassColumns(
    String input,
    String rawPrediction,
    String probability,
    String prediction,
    String predictedLabel,
    String reason,
    OnBadImage onBadImage)
    implements Serializable {

  /** The input and what becomes of bad images; {@link ImageColumns} checks these. */
  ImageColumns images() {
    return new ImageColumns(input, "", reason, null, onBadImage);
  }

  /**
   * @param classes names by label, which become metadata of the prediction; empty: not known yet
   * @throws org.bellows.conf.BellowsException (configuration) when the input is missing or of
   *     another type, or an added column is there already
   */
  public StructType added(StructType schema, List<String> classes) {
    images().requireInput(schema);
    StructType result = add(schema, rawPrediction, SQLDataTypes.VectorType());
    result = add(result, probability, SQLDataTypes.VectorType());
    if (!prediction.isBlank()) {
      StructType one = ImageColumns.add(result, prediction, DataTypes.DoubleType);
      result =
          classes.isEmpty()
              ? one
              : result.add(prediction, DataTypes.DoubleType, true, named(classes));
    }
    result = add(result, predictedLabel, DataTypes.StringType);
    return images().keepsBadImages() ? add(result, reason, DataTypes.StringType) : result;
  }

  /** So that IndexToString knows them. */
  private Metadata named(List<String> classes) {
    return NominalAttribute.defaultAttr()
        .withName(prediction)
        .withValues(classes.toArray(String[]::new))
        .toMetadata();
  }

  private static StructType add(StructType schema, String name, DataType type) {
    return name.isBlank() ? schema : ImageColumns.add(schema, name, type);
  }
}
