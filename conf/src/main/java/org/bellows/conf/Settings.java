package org.bellows.conf;

import java.io.Serializable;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Stream;

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
    AugmentSettings augment,
    Train train,
    OptimizerSettings optimizer,
    ScheduleSettings schedule,
    Loss loss,
    Sync sync,
    Cluster cluster,
    Checkpoint checkpoint,
    Evaluate evaluate,
    Predict predict,
    Metrics metrics,
    Quickstart quickstart,
    Show show,
    Features features,
    Head head,
    Registry registry,
    Retrain retrain,
    Watch watch,
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
        loss,
        sync,
        cluster,
        checkpoint,
        evaluate,
        predict,
        metrics,
        quickstart,
        show,
        features,
        head,
        registry,
        retrain,
        watch,
        json);
  }

  /** Of the models that answer together: {@code model.path}, then {@code evaluate.ensemble}. */
  public List<String> modelPaths() {
    return Stream.concat(Stream.of(model.path()), evaluate.ensemble().stream()).toList();
  }

  public enum SourceFormat {
    AUTO,
    TREE,
    IDX,
    IMAGENET,
    CSV,
    JSONL,
    CIFAR10,
    CIFAR100,
    PARQUET,
    SEQUENCEFILE
  }

  public enum CifarLabels {
    FINE,
    COARSE
  }

  public enum RetrainStart {
    CURRENT,
    SCRATCH
  }

  public enum RetrainMetric {
    TOP1,
    TOP5,
    LOSS
  }

  public enum Verify {
    LENGTHS,
    SHA256
  }

  public enum Cache {
    NONE,
    LOCAL_DISK
  }

  public enum BestMetric {
    TOP1,
    LOSS
  }

  public enum Save {
    LAST,
    BEST
  }

  /** What computes a lane's forward and backward pass. */
  public enum StepEngine {
    /** Plans of oneDNN primitives, compiled for the network. */
    ONEDNN,
    /** DL4J's ComputationGraph: the reference. */
    DL4J
  }

  public enum TrainingDevice {
    CPU,
    GPU
  }

  public enum SyncMode {
    EVERY_STEP,
    AVERAGING,
    /** Not Bellows's own training, but upstream's. */
    DL4J_SPARK
  }

  /** What gradients and parameters are sent as. */
  public enum Wire {
    FLOAT32,
    FLOAT16
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

  public enum Pooling {
    AVERAGE,
    FLAT
  }

  public enum OnBadImage {
    NULL_WITH_REASON,
    FAIL
  }

  public enum Device {
    CPU
  }

  public enum HeadKind {
    LOGISTIC_REGRESSION,
    LINEAR_SVM,
    RANDOM_FOREST
  }

  public record Source(
      String path,
      SourceFormat format,
      String defaultSplit,
      String imageColumn,
      String labelColumn,
      String splitColumn,
      String pathColumn,
      String pathPrefix,
      String pathSuffix,
      CifarLabels cifarLabels)
      implements Serializable {}

  /**
   * @param split name to share, in the order of the names; empty: nothing is divided
   */
  public record Prepare(
      SortedMap<String, Double> split,
      long seed,
      int shardMebibytes,
      int blockKibibytes,
      long maxPixels,
      int shrinkShorterSidePixels,
      int jpegQuality)
      implements Serializable {}

  public record Data(
      String path,
      int shuffleWindowSamples,
      int decodeThreads,
      int prefetchBatches,
      Verify verify,
      double maxBadFraction,
      int bufferMebibytes,
      Cache cache,
      int cacheMebibytes,
      String cachePath)
      implements Serializable {}

  public record Output(String path) implements Serializable {}

  public record Model(
      String name,
      int channels,
      int heightPixels,
      int widthPixels,
      String path,
      String from,
      String freezeUpTo,
      List<AtLayer> unfreezeEpochs,
      int frozenCacheMebibytes)
      implements Serializable {
    /** Whether the run starts from the parameters of a trained model. */
    public boolean hasStart() {
      return !from.isBlank();
    }

    /** Whether some layers do not learn, at least at first. */
    public boolean isFrozen() {
      return !freezeUpTo.isBlank();
    }
  }

  public record Train(
      int epochs,
      int globalBatch,
      int laneBatch,
      long seed,
      String split,
      long maxSamples,
      String validationSplit,
      int evaluateEveryEpochs,
      int earlyStoppingEpochs,
      BestMetric bestMetric,
      Save save,
      NonFinite nonFinite,
      StepEngine stepEngine,
      TrainingDevice device)
      implements Serializable {
    /** K, the number of lanes: global batch / lane batch. */
    public int lanes() {
      return globalBatch / laneBatch;
    }

    /** Whether evaluations have a say in what the run ends with. */
    public boolean evaluationDecides() {
      return earlyStoppingEpochs > 0 || save == Save.BEST;
    }
  }

  public record Loss(
      double labelSmoothing,
      ClassWeights classWeights,
      String teacher,
      double teacherTemperature,
      double teacherShare)
      implements Serializable {
    public boolean hasTeacher() {
      return !teacher.isBlank();
    }
  }

  /**
   * @param periodSteps of averaging
   */
  public record Sync(
      SyncMode mode, int periodSteps, int timeoutSeconds, Encryption encryption, Wire wire)
      implements Serializable {}

  public record Cluster(
      int executors,
      int coresPerExecutor,
      int executorMemoryMebibytes,
      int executorOverheadMebibytes,
      int minExecutors,
      int maxFailures,
      int startTimeoutSeconds,
      int stopGraceSeconds)
      implements Serializable {}

  public record Checkpoint(int intervalSteps, int keepLast, int keepBest) implements Serializable {}

  public record Evaluate(String split, int batch, int worstMistakes, List<String> ensemble)
      implements Serializable {}

  public record Predict(int top) implements Serializable {}

  public record Metrics(
      double progressSeconds, double stragglerFactor, double stragglerWindowSeconds)
      implements Serializable {}

  public record Quickstart(int imagesPerClass, long seed) implements Serializable {}

  public record Show(String split, int classes, int samplesPerClass, int epochs, int cellPixels)
      implements Serializable {}

  public record Features(
      String layer,
      Pooling pooling,
      int top,
      OnBadImage onBadImage,
      Device device,
      int imagesPerFile,
      String path)
      implements Serializable {}

  public record Head(
      HeadKind kind,
      List<Double> regularisation,
      int maxIterations,
      int trees,
      int depth,
      double validationFraction,
      int partitions)
      implements Serializable {}

  public record Registry(String path, String name) implements Serializable {}

  public record Retrain(
      RetrainStart start, RetrainMetric metric, double minImprovement, int leaseSeconds)
      implements Serializable {}

  public record Watch(
      boolean tensorboard, String mlflowUri, String mlflowExperiment, String mlflowTokenFile)
      implements Serializable {}
}
