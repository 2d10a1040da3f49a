// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.predict;

import java.io.Serializable;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.util.SerializableConfiguration;
import org.bellows.conf.BellowsException;
import org.bellows.worker.files.Json;
import org.bellows.worker.model.TrainedEnsemble;
import org.bellows.worker.natives.NativeLibraries;

/**
 * The models of a job, as the driver read them.
 *
 * @param paths of models' or runs' folders, that all executors can read
 * @param parametersSha256 of each: the models must not have changed since
 */
public record JobModels(
    SerializableConfiguration hadoop, List<String> paths, List<String> parametersSha256)
    implements Serializable {

  static JobModels of(Configuration hadoop, List<String> paths, TrainedEnsemble trained) {
    return new JobModels(new SerializableConfiguration(hadoop), List.copyOf(paths), shas(trained));
  }

  private static List<String> shas(TrainedEnsemble trained) {
    return trained.members().stream().map(model -> model.card().parametersSha256()).toList();
  }

  /** Equal for the same models. */
  String key() {
    return Json.line(List.of(paths, parametersSha256));
  }

  /**
   * In a task.
   *
   * @throws BellowsException (data) when one is not the one that the driver read
   */
  TrainedEnsemble read() {
    NativeLibraries.load();
    TrainedEnsemble trained = TrainedEnsemble.read(hadoop.value(), paths);
    if (!shas(trained).equals(parametersSha256)) {
      throw BellowsException.data(
          "a model at %s has changed since the job began: its parameters are %s, expected %s"
              .formatted(paths, shas(trained), parametersSha256));
    }
    return trained;
  }
}
