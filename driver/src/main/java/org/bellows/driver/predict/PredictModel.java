// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.predict;

import java.io.Serializable;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.util.SerializableConfiguration;
import org.bellows.conf.BellowsException;
import org.bellows.conf.Settings;
import org.bellows.data.encode.LabelPalette;
import org.bellows.driver.model.TrainedInference;
import org.bellows.driver.spark.SharedByTasks;
import org.bellows.worker.files.Json;
import org.bellows.worker.model.TrainedEnsemble;
import org.bellows.worker.natives.NativeLibraries;
import org.bellows.worker.predict.PixelPredictor;

/**
 * Where a task gets the networks that say a class of each pixel; the tasks of an executor share
 * them.
 *
 * @param paths of models' or runs' folders, that all executors can read
 * @param parametersSha256 of each, as the driver read it: the models must not have changed since
 * @param classes by label
 * @param shown the settings, with what the models say of how they are shown pictures
 */
public record PredictModel(
    SerializableConfiguration hadoop,
    List<String> paths,
    List<String> parametersSha256,
    List<String> classes,
    TrainedInference shown)
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
    TrainedEnsemble trained = TrainedEnsemble.read(hadoop, paths);
    if (!trained.isOfPixels()) {
      throw BellowsException.configuration(
          "model.path is %s, which says a class of each image, expected one of each pixel"
              .formatted(paths.get(0)));
    }
    TrainedInference shown = TrainedInference.of(trained, settings);
    return new PredictModel(
        new SerializableConfiguration(hadoop),
        List.copyOf(paths),
        shas(trained),
        trained.card().classes(),
        shown);
  }

  private static List<String> shas(TrainedEnsemble trained) {
    return trained.members().stream().map(model -> model.card().parametersSha256()).toList();
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
    return ClassColours.of(hadoop.value(), classes, settings().predict().colours(), List.of());
  }

  /** In a task. To be closed when it ends. */
  public SharedByTasks<PixelPredictor>.Lease lease() {
    String key =
        Json.line(List.of(paths, parametersSha256))
            + settings().augment()
            + settings().evaluate()
            + settings().crf();
    return OF_THIS_PROCESS.take(key, this::open);
  }

  private PixelPredictor open() {
    NativeLibraries.load();
    TrainedEnsemble trained = TrainedEnsemble.read(hadoop.value(), paths);
    if (!shas(trained).equals(parametersSha256)) {
      throw BellowsException.data(
          "a model at %s has changed since the job began: its parameters are %s, expected %s"
              .formatted(paths, shas(trained), parametersSha256));
    }
    return predictor(trained, settings());
  }

  static PixelPredictor predictor(TrainedEnsemble trained, Settings settings) {
    return new PixelPredictor(trained, settings.augment(), settings.evaluate(), settings.crf());
  }
}
