package org.bellows.conf;

import java.io.Serializable;
import java.util.List;

/**
 * Every setting, typed and checked. The meaning and unit of each stands in {@code reference.conf},
 * under the key of the same name.
 *
 * @param effectiveJson the whole effective configuration as canonical JSON (keys sorted)
 */
public record Settings(
    Source source,
    Prepare prepare,
    Data data,
    Output output,
    Model model,
    Augment augment,
    Train train,
    Optimizer optimizer,
    Schedule schedule,
    Sync sync,
    Cluster cluster,
    Checkpoint checkpoint,
    Evaluate evaluate,
    Predict predict,
    Metrics metrics,
    Quickstart quickstart,
    Show show,
    String effectiveJson)
    implements Serializable {

  Settings withEffectiveJson(String json) {
    return new Settings(
        source,
        prepare,
        data,
        output,
        model,
        augment,
        train,
        optimizer,
        schedule,
        sync,
        cluster,
        checkpoint,
        evaluate,
        predict,
        metrics,
        quickstart,
        show,
        json);
  }

  public enum SourceFormat {
    AUTO,
    TREE,
    IDX
  }

  public enum Verify {
    LENGTHS,
    SHA256
  }

  public enum Crop {
    RESIZE,
    CENTRE,
    PADDED,
    RANDOM_RESIZED
  }

  public enum EvaluationCrop {
    RESIZE,
    CENTRE
  }

  public enum OptimizerName {
    SGD,
    NESTEROV
  }

  public enum Scaling {
    LINEAR,
    NONE
  }

  public enum Warmup {
    GRADUAL,
    CONSTANT,
    NONE
  }

  public enum Decay {
    COSINE,
    STEP,
    CONSTANT
  }

  public enum SyncMode {
    EVERY_STEP
  }

  public enum Encryption {
    AUTO,
    ON,
    OFF
  }

  public enum NonFinite {
    STOP,
    SKIP
  }

  public record Source(String path, SourceFormat format) implements Serializable {}

  public record Prepare(
      long seed, int shardMebibytes, int blockKibibytes, double maxBadFraction, long maxPixels)
      implements Serializable {}

  public record Data(
      String path, int shuffleWindowSamples, int decodeThreads, int prefetchBatches, Verify verify)
      implements Serializable {}

  public record Output(String path) implements Serializable {}

  public record Model(String name, int channels, int heightPixels, int widthPixels, String path)
      implements Serializable {}

  public record Augment(
      Crop crop,
      int resizePixels,
      int paddingPixels,
      double scaleMin,
      double scaleMax,
      double ratioMin,
      double ratioMax,
      boolean mirror,
      EvaluationCrop evaluationCrop)
      implements Serializable {}

  public record Train(
      int epochs,
      int globalBatch,
      int laneBatch,
      long seed,
      String split,
      String validationSplit,
      int evaluateEveryEpochs,
      NonFinite nonFinite)
      implements Serializable {
    /** K, the number of lanes: global batch / lane batch. */
    public int lanes() {
      return globalBatch / laneBatch;
    }
  }

  public record Optimizer(OptimizerName name, double momentum, double weightDecay)
      implements Serializable {}

  public record Schedule(
      double baseLr,
      Scaling scaling,
      Warmup warmup,
      double warmupEpochs,
      Decay decay,
      List<Double> stepEpochs,
      double stepFactor)
      implements Serializable {}

  public record Sync(SyncMode mode, int timeoutSeconds, Encryption encryption)
      implements Serializable {}

  public record Cluster(
      int executors,
      int coresPerExecutor,
      int executorMemoryMebibytes,
      int executorOverheadMebibytes,
      int minExecutors,
      int maxFailures,
      int startTimeoutSeconds)
      implements Serializable {}

  public record Checkpoint(int intervalSteps, int keepLast, int keepBest) implements Serializable {}

  public record Evaluate(String split, int batch, int worstMistakes) implements Serializable {}

  public record Predict(int top) implements Serializable {}

  public record Metrics(double progressSeconds) implements Serializable {}

  public record Quickstart(int imagesPerClass, long seed) implements Serializable {}

  public record Show(String split, int classes, int samplesPerClass, int epochs, int cellPixels)
      implements Serializable {}
}
