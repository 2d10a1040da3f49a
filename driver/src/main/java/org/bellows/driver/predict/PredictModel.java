// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.predict;

import java.io.Serializable;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.bellows.conf.BellowsException;
import org.bellows.conf.Settings;
import org.bellows.data.encode.LabelPalette;
import org.bellows.driver.model.TrainedInference;
import org.bellows.driver.spark.SharedByTasks;
import org.bellows.worker.model.TrainedEnsemble;
import org.bellows.worker.predict.PixelPredictor;

/**
 * Where a task gets the networks that say a class of each pixel; the tasks of an executor share
 * them.
 *
 * @param classes by label
 * @param shown the settings, with what the models say of how they are shown pictures
 */
public record PredictModel(JobModels models, List<String> classes, TrainedInference shown)
    implements Serializable {
  private static final SharedByTasks<PixelPredictor> OF_THIS_PROCESS =
      new SharedByTasks<>(PixelPredictor::close);

  /**
   * Called on the driver, before the job: problems of the models are reported then.
   *
   * @throws BellowsException (data) when there is no such model or it is damaged; (configuration)
   *     when it says a class of each picture, or cannot be shown pictures so
   */
  public static PredictModel read(Configuration hadoop, List<String> paths, Settings settings) {
    return of(hadoop, paths, TrainedEnsemble.read(hadoop, paths), settings);
  }

  /** As above, of models that were read already. */
  public static PredictModel of(
      Configuration hadoop, List<String> paths, TrainedEnsemble trained, Settings settings) {
    if (!trained.isOfPixels()) {
      throw BellowsException.configuration(
          "model.path is %s, which says a class of each image, expected one of each pixel"
              .formatted(paths.get(0)));
    }
    TrainedInference shown = TrainedInference.of(trained, settings);
    return new PredictModel(JobModels.of(hadoop, paths, trained), trained.card().classes(), shown);
  }

  public Settings settings() {
    return shown.settings();
  }

  /**
   * The colours of {@code predict.colours}.
   *
   * @throws BellowsException (data) when there is no such file, or it has no colour of a class
   */
  public LabelPalette palette() {
    return ClassColours.of(hadoop(), classes, settings().predict().colours(), List.of());
  }

  /** In a task. To be closed when it ends. */
  public SharedByTasks<PixelPredictor>.Lease lease() {
    return OF_THIS_PROCESS.take(
        models.key() + settings().augment() + settings().evaluate() + settings().crf(),
        () -> predictor(models.read(), settings()));
  }

  public Configuration hadoop() {
    return models.hadoop().value();
  }

  static PixelPredictor predictor(TrainedEnsemble trained, Settings settings) {
    return new PixelPredictor(trained, settings.augment(), settings.evaluate(), settings.crf());
  }
}
