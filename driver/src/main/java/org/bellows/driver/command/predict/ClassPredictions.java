// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.command.predict;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.bellows.conf.BellowsException;
import org.bellows.conf.Settings;
import org.bellows.conf.text.PrintableText;
import org.bellows.data.batch.EvaluationTransform;
import org.bellows.data.decode.ImageDecoder;
import org.bellows.data.storage.Storage;
import org.bellows.driver.evaluate.LabelThresholds;
import org.bellows.driver.job.PartialFailureException;
import org.bellows.driver.predict.ImageArguments;
import org.bellows.driver.predict.NamedPicture;
import org.bellows.driver.predict.PredictionFile;
import org.bellows.driver.predict.PredictionFiles;
import org.bellows.driver.predict.PredictionRow;
import org.bellows.worker.engine.EngineRequest;
import org.bellows.worker.files.Json;
import org.bellows.worker.model.TrainedEnsemble;
import org.bellows.worker.predict.ClassPrediction;
import org.bellows.worker.predict.ClassPredictor;

/** The likeliest classes of named pictures, without Spark. */
final class ClassPredictions {
  private final Configuration hadoop;
  private final Settings settings;
  private final TrainedEnsemble trained;
  private final ImageDecoder decoder;
  private final boolean asJson;

  /**
   * @param asJson whether an object a line is printed instead of text
   */
  ClassPredictions(
      Configuration hadoop, Settings settings, TrainedEnsemble trained, boolean asJson) {
    this.hadoop = hadoop;
    this.settings = settings;
    this.trained = trained;
    this.decoder = new ImageDecoder(settings.prepare().maxPixels());
    this.asJson = asJson;
  }

  private record Prediction(String label, double probability) {}

  /**
   * Predicts them in their order; a file of rows is written if there is an {@code output.path}.
   *
   * @param arguments files, folders and globs
   * @return metrics
   * @throws PartialFailureException when a picture was refused
   */
  Map<String, Object> of(List<String> arguments) {
    RefusedPictures refused = new RefusedPictures(asJson);
    List<PredictionRow> rows = new ArrayList<>();
    int passedOver = 0;
    try (ClassPredictor predictor =
            new ClassPredictor(
                trained,
                settings.augment(),
                EngineRequest.of(settings.evaluate()),
                settings.predict().top(),
                LabelThresholds.of(trained, settings.evaluate()));
        EvaluationTransform transform = EvaluationTransform.checked(predictor.input())) {
      for (String argument : arguments) {
        ImageArguments.Found found = refused.find(hadoop, argument);
        passedOver += found.passedOver();
        for (ImageArguments.Image image : found.images()) {
          rows.add(row(rows.size(), image, predictor, transform, refused));
        }
      }
    }
    if (!settings.output().path().isBlank()) {
      write(rows);
    }
    Map<String, List<Prediction>> predictions = new LinkedHashMap<>();
    rows.stream()
        .filter(row -> row.top() != null || row.reason().equals(PredictionRow.NOT_FINITE))
        .forEach(row -> predictions.put(row.source(), predictions(row)));
    Map<String, Object> metrics = new LinkedHashMap<>();
    metrics.put("models", trained.members().size());
    metrics.put("predictions", predictions);
    metrics.put("answers-not-finite", predictions.values().stream().filter(List::isEmpty).count());
    return refused.result(metrics, predictions.size(), passedOver);
  }

  private PredictionRow row(
      long id,
      ImageArguments.Image image,
      ClassPredictor predictor,
      EvaluationTransform transform,
      RefusedPictures refused) {
    try {
      float[] pixels = new float[transform.views() * predictor.input().sampleLength()];
      transform.apply(NamedPicture.read(decoder, hadoop, image), pixels, 0);
      ClassPrediction answer = predictor.submit(pixels, 1, transform.views()).join().get(0);
      PredictionRow row = PredictionRow.of(id, image.name(), answer, trained.card().classes());
      print(row);
      return row;
    } catch (BellowsException e) {
      refused.add(image.name(), e);
      return PredictionRow.refused(id, image.name(), e.getMessage());
    }
  }

  private void write(List<PredictionRow> rows) {
    PredictionFiles files =
        PredictionFiles.of(settings, trained.card().classes(), trained.isMultiLabel());
    files.removeOld(hadoop);
    try (PredictionFile file = files.open(hadoop, 0, "0")) {
      for (PredictionRow row : rows) {
        file.write(row);
      }
      file.finish();
    } catch (IOException e) {
      throw Storage.writeFailure(new Path(files.folder()), e);
    }
  }

  /** None where the answer is not finite. */
  private static List<Prediction> predictions(PredictionRow row) {
    List<PredictionRow.Likely> top = row.top() == null ? List.of() : row.top();
    return top.stream()
        .map(likely -> new Prediction(likely.className(), likely.probability()))
        .toList();
  }

  private void print(PredictionRow row) {
    if (asJson) {
      System.out.println(Json.line(row));
      return;
    }
    System.out.println(PrintableText.name(row.source()));
    List<Prediction> predictions = predictions(row);
    if (predictions.isEmpty()) {
      System.out.println("  the model's answer is not finite (NaN or infinite)");
    }
    for (Prediction prediction : predictions) {
      boolean isChosen = row.labels() != null && row.labels().contains(prediction.label());
      System.out.printf(
          Locale.ROOT,
          "  %6.2f %%  %s%s%n",
          100 * prediction.probability(),
          PrintableText.name(prediction.label()),
          isChosen ? "  *" : "");
    }
    if (row.labels() != null) {
      System.out.println(
          row.labels().isEmpty()
              ? "  no class reaches its threshold"
              : "  * " + PrintableText.name(String.join(", ", row.labels())));
    }
  }
}
