// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.command.predict;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.bellows.conf.BellowsException;
import org.bellows.conf.PrintableText;
import org.bellows.conf.Settings;
import org.bellows.data.batch.EvaluationTransform;
import org.bellows.data.batch.InputSpec;
import org.bellows.data.decode.ImageDecoder;
import org.bellows.driver.job.PartialFailureException;
import org.bellows.driver.predict.ImageArguments;
import org.bellows.driver.predict.NamedPicture;
import org.bellows.worker.evaluate.Ranking;
import org.bellows.worker.model.TrainedEnsemble;
import org.bellows.worker.network.Ensemble;

/** The likeliest classes of named pictures, without Spark. */
final class ClassPredictions {
  private final Configuration hadoop;
  private final Settings settings;
  private final TrainedEnsemble trained;
  private final ImageDecoder decoder;

  ClassPredictions(Configuration hadoop, Settings settings, TrainedEnsemble trained) {
    this.hadoop = hadoop;
    this.settings = settings;
    this.trained = trained;
    this.decoder = new ImageDecoder(settings.prepare().maxPixels());
  }

  private record Prediction(String label, double probability) {}

  /**
   * @param arguments files, folders and globs
   * @return metrics
   * @throws PartialFailureException when a picture was refused
   */
  Map<String, Object> of(List<String> arguments) {
    InputSpec input = trained.inputSpec(settings.augment());
    EvaluationTransform transform = EvaluationTransform.checked(input);
    Map<String, List<Prediction>> predictions = new LinkedHashMap<>();
    RefusedPictures refused = new RefusedPictures();
    int passedOver = 0;
    try (Ensemble ensemble = trained.open(settings.evaluate().precision())) {
      for (String argument : arguments) {
        ImageArguments.Found found = refused.find(hadoop, argument);
        passedOver += found.passedOver();
        for (ImageArguments.Image image : found.images()) {
          try {
            float[] pixels = new float[transform.views() * input.sampleLength()];
            transform.apply(NamedPicture.read(decoder, hadoop, image), pixels, 0);
            float[] probabilities = ensemble.probabilities(pixels, 1, transform.views());
            List<Prediction> answers = top(probabilities);
            print(image.name(), answers);
            predictions.put(image.name(), answers);
          } catch (BellowsException e) {
            refused.add(image.name(), e);
          }
        }
      }
    }
    Map<String, Object> metrics = new LinkedHashMap<>();
    metrics.put("models", trained.members().size());
    metrics.put("predictions", predictions);
    metrics.put("answers-not-finite", predictions.values().stream().filter(List::isEmpty).count());
    return refused.result(metrics, predictions.size(), passedOver);
  }

  /** None where the answer is not finite. */
  private List<Prediction> top(float[] probabilities) {
    if (!Ranking.isFinite(probabilities, 0, probabilities.length)) {
      return List.of();
    }
    List<Prediction> predictions = new ArrayList<>();
    for (int label : Ranking.top(probabilities, settings.predict().top())) {
      predictions.add(new Prediction(trained.card().classes().get(label), probabilities[label]));
    }
    return predictions;
  }

  /**
   * @param predictions none where the answer is not finite
   */
  private static void print(String image, List<Prediction> predictions) {
    System.out.println(PrintableText.name(image));
    if (predictions.isEmpty()) {
      System.out.println("  the model's answer is not finite (NaN or infinite)");
    }
    for (Prediction prediction : predictions) {
      System.out.printf(
          Locale.ROOT,
          "  %6.2f %%  %s%n",
          100 * prediction.probability(),
          PrintableText.name(prediction.label()));
    }
  }
}
