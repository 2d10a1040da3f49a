// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.predict;

import java.io.Serializable;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.bellows.conf.AugmentSettings;
import org.bellows.driver.spark.SharedByTasks;
import org.bellows.worker.engine.EngineRequest;
import org.bellows.worker.predict.ClassPredictor;

/**
 * Where a task gets the networks that say a class of each picture; the tasks of an executor share
 * them.
 *
 * @param classes by label
 * @param top likeliest classes that are kept of each picture
 * @param thresholds by class, where a picture is of any number of classes; else empty
 */
record ClassModel(
    JobModels models,
    List<String> classes,
    AugmentSettings augment,
    EngineRequest engine,
    int top,
    List<Double> thresholds)
    implements Serializable {
  private static final SharedByTasks<ClassPredictor> OF_THIS_PROCESS =
      new SharedByTasks<>(ClassPredictor::close);

  Configuration hadoop() {
    return models.hadoop().value();
  }

  /** In a task. To be closed when it ends. */
  SharedByTasks<ClassPredictor>.Lease lease() {
    return OF_THIS_PROCESS.take(
        models.key() + augment + engine + top + thresholds,
        () -> new ClassPredictor(models.read(), augment, engine, top, thresholds));
  }
}
