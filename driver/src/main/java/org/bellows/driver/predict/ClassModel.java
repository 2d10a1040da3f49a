// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.predict;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.util.SerializableConfiguration;
import org.bellows.conf.AugmentSettings;
import org.bellows.conf.BellowsException;
import org.bellows.conf.Settings;
import org.bellows.driver.spark.SharedByTasks;
import org.bellows.worker.files.Json;
import org.bellows.worker.model.TrainedEnsemble;
import org.bellows.worker.natives.NativeLibraries;
import org.bellows.worker.predict.ClassPredictor;

/**
 * Where a task gets the networks that say a class of each picture; the tasks of an executor share
 * them.
 *
 * @param paths of models' or runs' folders, that all executors can read
 * @param parametersSha256 of each, as the driver read it: the models must not have changed since
 * @param classes by label
 * @param top likeliest classes that are kept of each picture
 */
record ClassModel(
    SerializableConfiguration hadoop,
    List<String> paths,
    List<String> parametersSha256,
    List<String> classes,
    AugmentSettings augment,
    Settings.Precision precision,
    int top)
    implements Serializable {
  private static final SharedByTasks<ClassPredictor> OF_THIS_PROCESS =
      new SharedByTasks<>(ClassPredictor::close);

  static List<String> shas(TrainedEnsemble trained) {
    return trained.members().stream().map(model -> model.card().parametersSha256()).toList();
  }

  /** In a task. To be closed when it ends. */
  SharedByTasks<ClassPredictor>.Lease lease() {
    String key = Json.line(List.of(paths, parametersSha256)) + augment + precision + top;
    return OF_THIS_PROCESS.take(key, this::open);
  }

  private ClassPredictor open() {
    NativeLibraries.load();
    TrainedEnsemble trained = TrainedEnsemble.read(hadoop.value(), paths);
    if (!shas(trained).equals(parametersSha256)) {
      throw BellowsException.data(
          "a model at %s has changed since the job began: its parameters are %s, expected %s"
              .formatted(paths, shas(trained), parametersSha256));
    }
    return new ClassPredictor(trained, augment, precision, top);
  }
}
