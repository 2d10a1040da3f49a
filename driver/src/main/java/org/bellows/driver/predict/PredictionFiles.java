// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.predict;

import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.bellows.conf.Settings;
import org.bellows.data.storage.Storage;

/**
 * The files of rows that a run of {@code predict} writes.
 *
 * @param folder {@code output.path}, qualified
 * @param top classes of a row, at most
 * @param withLabels whether rows have a list of labels: a picture is of any number of classes
 */
public record PredictionFiles(
    String folder, Settings.PredictionFormat format, int top, boolean withLabels)
    implements Serializable {

  /**
   * Below {@code output.path}.
   *
   * @param classes of the model
   * @param isMultiLabel whether a picture is of any number of them
   */
  public static PredictionFiles of(Settings settings, List<String> classes, boolean isMultiLabel) {
    Settings.Predict predict = settings.predict();
    return new PredictionFiles(
        Storage.qualify(settings.output().path()).toString(),
        predict.format(),
        Math.min(predict.top(), classes.size()),
        isMultiLabel);
  }

  /** What an earlier run left would be taken for this one's. */
  public void removeOld(Configuration hadoop) {
    PictureFiles.removeOld(hadoop, folder);
  }

  Path file(int number) {
    String ending = format.name().toLowerCase(Locale.ROOT);
    return new Path(folder + "/" + PictureFiles.LINES + "/part-%05d.%s".formatted(number, ending));
  }

  /**
   * @param attempt tells two tasks that write the same file apart
   */
  public PredictionFile open(Configuration hadoop, int number, String attempt) throws IOException {
    Path file = file(number);
    return switch (format) {
      case PARQUET -> new ParquetPredictions(hadoop, file, attempt, withLabels);
      case CSV -> new TextPredictions(hadoop, file, TextPredictions.csv(top, withLabels));
      case JSONL -> new TextPredictions(hadoop, file, TextPredictions.json());
    };
  }
}
