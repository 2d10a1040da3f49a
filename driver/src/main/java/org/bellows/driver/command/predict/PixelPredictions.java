// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.command.predict;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.bellows.conf.Settings;
import org.bellows.conf.text.PrintableText;
import org.bellows.driver.job.PartialFailureException;
import org.bellows.driver.model.TrainedInference;
import org.bellows.driver.predict.ImageArguments;
import org.bellows.driver.predict.NamedPictures;
import org.bellows.driver.predict.PictureLine;
import org.bellows.driver.predict.PicturePart;
import org.bellows.worker.files.Json;
import org.bellows.worker.model.TrainedEnsemble;

/** The class of each pixel of named pictures, without Spark. */
final class PixelPredictions {
  private final Configuration hadoop;
  private final TrainedInference shown;
  private final TrainedEnsemble trained;
  private final boolean asJson;

  /**
   * @param asJson whether an object a line is printed instead of text
   * @throws org.bellows.conf.BellowsException (configuration) when the networks cannot be shown
   *     pictures as the settings or their training say
   */
  PixelPredictions(
      Configuration hadoop, Settings settings, TrainedEnsemble trained, boolean asJson) {
    this.hadoop = hadoop;
    this.shown = TrainedInference.of(trained, settings);
    this.trained = trained;
    this.asJson = asJson;
  }

  private record Share(String label, double share) {}

  /**
   * @param arguments files, folders and globs
   * @return metrics
   * @throws PartialFailureException when a picture was refused
   */
  Map<String, Object> of(List<String> arguments) {
    RefusedPictures refused = new RefusedPictures(asJson);
    List<ImageArguments.Image> images = new ArrayList<>();
    int passedOver = 0;
    for (String argument : arguments) {
      ImageArguments.Found found = refused.find(hadoop, argument);
      images.addAll(found.images());
      passedOver += found.passedOver();
    }
    if (!asJson) {
      System.out.println(shown.text());
    }
    Map<String, List<Share>> predictions = new LinkedHashMap<>();
    PicturePart all =
        new NamedPictures(hadoop, shown.settings(), trained)
            .predict(
                images,
                line -> {
                  if (line.isRefused()) {
                    refused.add(line.source(), line.refusal());
                  } else {
                    predictions.put(line.source(), print(line));
                  }
                });
    if (!shown.settings().output().path().isBlank() && !asJson) {
      System.out.println("written to " + shown.settings().output().path());
    }
    Map<String, Object> metrics = new LinkedHashMap<>();
    metrics.put("models", trained.members().size());
    metrics.put("predictions", predictions);
    metrics.putAll(JobPredictions.metrics(shown, all));
    return refused.result(metrics, predictions.size(), passedOver);
  }

  private List<Share> print(PictureLine line) {
    if (asJson) {
      System.out.println(Json.line(line));
      return shares(line);
    }
    System.out.printf(
        Locale.ROOT,
        "%s  %d x %d%n",
        PrintableText.name(line.source()),
        line.height(),
        line.width());
    if (line.notFinite() > 0) {
      System.out.printf(
          Locale.ROOT, "  %,d pixels have scores that are not finite%n", line.notFinite());
    }
    List<Share> shares = shares(line);
    for (Share share : shares) {
      System.out.printf(
          Locale.ROOT, "  %6.2f %%  %s%n", 100 * share.share(), PrintableText.name(share.label()));
    }
    return shares;
  }

  private List<Share> shares(PictureLine line) {
    List<Share> shares = new ArrayList<>();
    line.shares(shown.settings().predict().top())
        .forEach((label, share) -> shares.add(new Share(label, share)));
    return shares;
  }
}
