package org.bellows.driver.evaluate;

import java.io.Serializable;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
import org.bellows.conf.Settings;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.data.manifest.Split;
import org.bellows.driver.spark.BellowsFailures;
import org.bellows.driver.train.Executors;
import org.bellows.worker.evaluate.Evaluation;
import org.bellows.worker.evaluate.Evaluator;
import org.bellows.worker.evaluate.PartialEvaluation;
import org.bellows.worker.model.TrainedEnsemble;
import org.bellows.worker.natives.NativeLibraries;
import org.bellows.worker.network.Ensemble;

/** One task an executor, each with its share of the split's batches. */
public final class EvaluationJob {
  private EvaluationJob() {}

  /**
   * @param modelPaths models' or runs' folders that all executors can read; of several the answers
   *     are averaged
   * @param split name of a split of the dataset
   */
  public static Evaluation run(
      JavaSparkContext spark,
      Settings settings,
      DatasetManifest manifest,
      List<String> modelPaths,
      String split) {
    // Read here first: a missing model is said before any task starts.
    TrainedEnsemble ensemble = TrainedEnsemble.read(spark.hadoopConfiguration(), modelPaths);
    ClassNames.requireSame(ensemble.card().classes(), manifest.classes());
    Split whole = manifest.split(split);
    int workers = Executors.await(spark, settings.cluster(), 1);
    Task task =
        new Task(
            new SerializableConfiguration(spark.hadoopConfiguration()),
            settings,
            manifest,
            modelPaths,
            split);
    List<PartialEvaluation> parts =
        BellowsFailures.collect(
            spark
                .parallelize(IntStream.range(0, workers).boxed().toList(), workers)
                .map(worker -> BellowsFailures.capture(() -> task.part(worker, workers))));
    return PartialEvaluation.merge(
        whole, manifest.classes(), parts, settings.evaluate().worstMistakes());
  }

  /** What every executor needs; each reads the models itself. */
  private record Task(
      SerializableConfiguration hadoop,
      Settings settings,
      DatasetManifest manifest,
      List<String> modelPaths,
      String split)
      implements Serializable {

    PartialEvaluation part(int worker, int workers) {
      NativeLibraries.load();
      TrainedEnsemble trained = TrainedEnsemble.read(hadoop.value(), modelPaths);
      Evaluator evaluator =
          Evaluator.of(
              hadoop.value(), settings, manifest, split, trained.inputSpec(settings.augment()));
      try (Ensemble ensemble = trained.open()) {
        return evaluator.evaluate(ensemble, worker, workers);
      }
    }
  }
}
