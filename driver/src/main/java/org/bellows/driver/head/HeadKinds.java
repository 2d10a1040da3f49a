// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.head;

import java.util.List;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.classification.LinearSVC;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.classification.OneVsRest;
import org.apache.spark.ml.classification.RandomForestClassifier;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.bellows.conf.Settings;

/** MLlib's classifiers, set up from {@code head.*}. */
final class HeadKinds {
  private HeadKinds() {}

  /**
   * Where a fitted head says how likely each class is.
   *
   * @param column a vector with a number a class
   * @param areProbabilities else margins, of which only the order means something
   */
  record Scores(String column, boolean areProbabilities) {}

  static Scores scores(Settings.HeadKind kind) {
    return switch (kind) {
      case LOGISTIC_REGRESSION, RANDOM_FOREST -> new Scores("probability", true);
      case LINEAR_SVM -> new Scores("rawPrediction", false);
    };
  }

  /** Strengths that are worth trying. */
  static List<Double> grid(Settings.Head head) {
    return switch (head.kind()) {
      case LOGISTIC_REGRESSION, LINEAR_SVM -> head.regularisation();
      case RANDOM_FOREST -> List.of(0.0);
    };
  }

  static Transformer fit(Settings settings, double regularisation, Dataset<Row> train) {
    Settings.Head head = settings.head();
    return switch (head.kind()) {
      case LOGISTIC_REGRESSION ->
          new LogisticRegression()
              .setLabelCol(FeatureTable.LABEL)
              .setFeaturesCol(FeatureTable.FEATURES)
              .setFamily("multinomial")
              .setRegParam(regularisation)
              .setMaxIter(head.maxIterations())
              .fit(train);
      case LINEAR_SVM ->
          new OneVsRest()
              .setClassifier(
                  new LinearSVC().setRegParam(regularisation).setMaxIter(head.maxIterations()))
              .setLabelCol(FeatureTable.LABEL)
              .setFeaturesCol(FeatureTable.FEATURES)
              .fit(train);
      case RANDOM_FOREST ->
          new RandomForestClassifier()
              .setLabelCol(FeatureTable.LABEL)
              .setFeaturesCol(FeatureTable.FEATURES)
              .setNumTrees(head.trees())
              .setMaxDepth(head.depth())
              .setSeed(settings.train().seed())
              .fit(train);
    };
  }
}
