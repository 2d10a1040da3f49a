// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.retrain;

import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.worker.evaluate.Evaluation;
import org.bellows.worker.model.TrainedModel;

/** The work that retraining needs. Each may be asked for again after a start that died. */
public interface RetrainSteps {
  /**
   * @param path of the run, for evaluation
   * @param metrics of the training
   * @param files that go into the version beside the model, by name
   */
  record Trained(
      String path, TrainedModel model, Map<String, Object> metrics, Map<String, byte[]> files) {}

  /** The manifest of the dataset as it is now. */
  DatasetManifest dataset();

  /**
   * Trains for a decision, or resumes the training of an earlier start for it.
   *
   * @param start folder of the model whose parameters are started from; empty: from the seed
   */
  Trained train(int decision, Optional<Path> start);

  /** On every sample of the held-out split of the dataset. */
  Evaluation evaluate(String modelPath);

  /** Removes the runs of decisions before this one. */
  void forgetBefore(int decision);
}
