// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.estimator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.attribute.Attribute;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.bellows.conf.BellowsException;

/** What answers to rows of any number of labels say, and what is refused. */
final class SeveralLabels {
  private SeveralLabels() {}

  /** Prediction, names and raw scores are as the probabilities say. */
  static void assertReached(Row row, double threshold) {
    Vector probability = row.getAs("probability");
    Vector raw = row.getAs("rawPrediction");
    Attribute[] classes =
        AttributeGroup.fromStructField(row.schema().apply("probability")).attributes().get();
    List<Double> labels = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (int label = 0; label < classes.length; label++) {
      double p = probability.apply(label);
      assertThat(raw.apply(label)).isCloseTo(Math.log(p / (1 - p)), within(1e-9));
      if (p >= threshold) {
        labels.add((double) label);
        names.add(classes[label].name().get());
      }
    }
    assertThat(row.<Double>getList(row.fieldIndex("prediction"))).isEqualTo(labels);
    assertThat(row.<String>getList(row.fieldIndex("predictedLabel"))).isEqualTo(names);
  }

  static void assertRefusals(
      ImageClassifier classifier,
      ImageClassifierModel model,
      MultiLabelEvaluator evaluator,
      Dataset<Row> several,
      Dataset<Row> answers) {
    assertThatThrownBy(
            () ->
                classifier.fit(
                    several.withColumn("label", functions.expr("nullif(label, array())"))))
        .isInstanceOf(BellowsException.class)
        .hasMessageContaining("has no label");
    assertThatThrownBy(
            () ->
                classifier
                    .copy(ParamMap.empty())
                    .setSettings(new String[] {"loss.function=cross-entropy"})
                    .fit(several))
        .hasMessageContaining("loss.function is cross-entropy, allowed: binary-cross-entropy");
    assertThatThrownBy(
            () -> model.copy(ParamMap.empty()).setThresholds(new double[] {0.5}).transform(several))
        .hasMessage(
            "thresholds has 1 numbers, expected 6: one a class, in the order of the labels");
    assertThatThrownBy(() -> model.copy(ParamMap.empty()).ofSeveral(false).transform(several))
        .hasMessageStartingWith("the model says any number of classes of each image");
    assertThatThrownBy(
            () -> evaluator.evaluate(answers.withColumn("label", functions.expr("array('other')"))))
        .hasMessageStartingWith(
            "row 0 of partition 0 has label \"other\", which is none of the 6 classes that the model"
                + " was trained on; if a part of the rows alone lacks it, give labels as vectors");
    assertThatThrownBy(() -> evaluator.evaluate(answers.withColumn("label", functions.lit("x"))))
        .hasMessageStartingWith("column label is string, expected an array of text");
  }
}
