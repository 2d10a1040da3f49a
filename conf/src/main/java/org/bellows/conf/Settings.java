// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.conf;

import java.io.Serializable;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Stream;

/**
 * Every setting, typed and checked. The meaning and unit of each are in {@code reference.conf},
 * under the key of the same name.
 *
 * @param given keys that a profile or {@code --set} names, sorted; others have the values of {@code
 *     reference.conf}, unless a model says otherwise
 * @param effectiveJson the whole effective configuration as canonical JSON (keys sorted)
 */
public record Settings(
    SourceSettings source,
    Prepare prepare,
    Data data,
    Output output,
    Model model,
    AugmentSettings augment,
    TrainSettings train,
    OptimizerSettings optimizer,
    ScheduleSettings schedule,
    LossSettings loss,
    Sync sync,
    ClusterSettings cluster,
    Checkpoint checkpoint,
    EvaluateSettings evaluate,
    Predict predict,
    CrfSettings crf,
    Metrics metrics,
    Quickstart quickstart,
    Show show,
    Features features,
    Head head,
    Registry registry,
    RetrainSettings retrain,
    Watch watch,
    List<String> given,
    String effectiveJson)
    implements Serializable {

  /** All models that answer together: {@code model.path}, then {@code evaluate.ensemble}. */
  public List<String> modelPaths() {
    return Stream.concat(Stream.of(model.path()), evaluate.ensemble().stream()).toList();
  }

  public enum Verify {
    LENGTHS,
    SHA256
  }

  public enum Cache {
    NONE,
    LOCAL_DISK
  }

  /** The number format of gradients and parameters between executors. */
  public enum CommunicationDtype {
    FLOAT32,
    FLOAT16
  }

  public enum Encryption {
    AUTO,
    ON,
    OFF
  }

  /** Whether gradients are sent while the backward pass of the last lane still runs. */
  public enum Overlap {
    AUTO,
    ON,
    OFF
  }

  /** Of the files that say the classes of images. */
  public enum PredictionFormat {
    PARQUET,
    CSV,
    JSONL
  }

  public enum Pooling {
    AVERAGE,
    FLAT
  }

  public enum OnBadImage {
    NULL_WITH_REASON,
    FAIL
  }

  public enum HeadKind {
    LOGISTIC_REGRESSION,
    LINEAR_SVM,
    RANDOM_FOREST
  }

  /**
   * @param split name to share, in the order of the names; empty: nothing is divided
   */
  public record Prepare(
      @Key(identity = Identity.NEVER) SortedMap<String, Double> split,
      @Key(identity = Identity.NEVER) SortedMap<String, String> splitPaths,
      @Key(identity = Identity.NEVER) long seed,
      @Key(identity = Identity.NEVER, min = 1, max = 1024) int shardMebibytes,
      @Key(identity = Identity.NEVER, min = 16, max = 262_144) int blockKibibytes,
      @Key(identity = Identity.NEVER, min = 1, max = 1_000_000_000) long maxPixels,
      @Key(identity = Identity.NEVER, min = 0, max = 65_535) int shrinkShorterSidePixels,
      @Key(identity = Identity.NEVER, min = 1, max = 100) int jpegQuality)
      implements Serializable {}

  public record Data(
      @Key(identity = Identity.NEVER, isPath = true) String path,
      @Key(identity = Identity.ALWAYS, min = 1, max = 10_000_000) int shuffleWindowSamples,
      @Key(identity = Identity.NEVER, min = 1, max = 256) int decodeThreads,
      @Key(identity = Identity.NEVER, min = 1, max = 1024) int prefetchBatches,
      @Key(identity = Identity.NEVER) Verify verify,
      @Key(identity = Identity.NEVER, min = 0, max = 1) double maxBadFraction,
      @Key(identity = Identity.NEVER, min = 0, max = 1_048_576) int bufferMebibytes,
      @Key(identity = Identity.NEVER) Cache cache,
      @Key(identity = Identity.NEVER, min = 1, max = 100_000_000) int cacheMebibytes,
      @Key(identity = Identity.NEVER, isPath = true) String cachePath)
      implements Serializable {}

  public record Output(@Key(identity = Identity.NEVER, isPath = true) String path)
      implements Serializable {}

  public record Model(
      @Key(identity = Identity.ALWAYS) String name,
      @Key(
              identity = Identity.ALWAYS,
              oneOf = {1, 3})
          int channels,
      @Key(identity = Identity.ALWAYS, min = 1, max = 4096) int heightPixels,
      @Key(identity = Identity.ALWAYS, min = 1, max = 4096) int widthPixels,
      @Key(identity = Identity.ALWAYS, min = 0, max = 0.9) double stochasticDepth,
      @Key(identity = Identity.NEVER, isPath = true) String path,
      @Key(identity = Identity.NEVER, isPath = true) String from,
      @Key(identity = Identity.ALWAYS) String freezeUpTo,
      @Key(identity = Identity.ALWAYS, min = 1, max = 100_000) List<LayerValue> unfreezeEpochs,
      @Key(identity = Identity.NEVER, min = 0, max = 100_000_000) int frozenCacheMebibytes)
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

  /**
   * @param periodSteps of averaging
   */
  public record Sync(
      @Key(identity = Identity.ALWAYS) SyncMode mode,
      @Key(identity = Identity.WHERE_AVERAGING, min = 1, max = 1_000_000) int periodSteps,
      @Key(identity = Identity.NEVER, min = 1, max = 86_400) int timeoutSeconds,
      @Key(identity = Identity.NEVER) Encryption encryption,
      @Key(identity = Identity.NEVER) Overlap overlap,
      @Key(identity = Identity.ALWAYS) CommunicationDtype communicationDtype)
      implements Serializable {
    /** Steps from one exchange of all ranks to the next; an epoch's end is one, too. */
    public int stepsBetweenExchanges() {
      return mode.averages() ? periodSteps : 1;
    }
  }

  public record Checkpoint(
      @Key(identity = Identity.NEVER, min = 0, max = 1_000_000_000) int intervalSteps,
      @Key(identity = Identity.NEVER, min = 1, max = 1_000_000_000) int keepLast,
      @Key(identity = Identity.NEVER, min = 0, max = 1_000_000_000) int keepBest)
      implements Serializable {}

  public record Predict(
      @Key(identity = Identity.NEVER, min = 1, max = 1000) int top,
      @Key(identity = Identity.NEVER) boolean labels,
      @Key(identity = Identity.NEVER) boolean overlays,
      @Key(identity = Identity.NEVER) boolean probabilities,
      @Key(identity = Identity.NEVER) String colours,
      @Key(identity = Identity.NEVER, min = 1, max = 10_000_000) int picturesPerPart,
      @Key(identity = Identity.NEVER) PredictionFormat format,
      @Key(identity = Identity.NEVER, min = 1, max = 100_000) int imagesPerFile)
      implements Serializable {}

  public record Metrics(
      @Key(identity = Identity.NEVER, min = 0.1, max = 3600) double progressSeconds,
      @Key(identity = Identity.NEVER, min = 1.1, max = 1_000_000) double stragglerFactor,
      @Key(identity = Identity.NEVER, min = 0.1, max = 86_400) double stragglerWindowSeconds)
      implements Serializable {}

  public record Quickstart(
      @Key(identity = Identity.NEVER, min = 10, max = 100_000) int imagesPerClass,
      @Key(identity = Identity.NEVER) long seed)
      implements Serializable {}

  public record Show(
      @Key(identity = Identity.NEVER) String split,
      @Key(identity = Identity.NEVER, min = 1, max = 1000) int classes,
      @Key(identity = Identity.NEVER, min = 1, max = 100) int samplesPerClass,
      @Key(identity = Identity.NEVER, min = 1, max = 100) int epochs,
      @Key(identity = Identity.NEVER, min = 16, max = 1024) int cellPixels)
      implements Serializable {}

  public record Features(
      @Key(identity = Identity.NEVER) String layer,
      @Key(identity = Identity.NEVER) Pooling pooling,
      @Key(identity = Identity.NEVER, min = 0, max = 1000) int top,
      @Key(identity = Identity.NEVER) OnBadImage onBadImage,
      @Key(identity = Identity.NEVER, min = 1, max = 10_000_000) int imagesPerFile,
      @Key(identity = Identity.NEVER, isPath = true) String path)
      implements Serializable {}

  public record Head(
      @Key(identity = Identity.NEVER) HeadKind kind,
      @Key(identity = Identity.NEVER, min = 0, max = 1e6) List<Double> regularisation,
      @Key(identity = Identity.NEVER, min = 1, max = 100_000) int maxIterations,
      @Key(identity = Identity.NEVER, min = 1, max = 10_000) int trees,
      @Key(identity = Identity.NEVER, min = 1, max = 30) int depth,
      @Key(identity = Identity.NEVER, min = 0, max = 0.9) double validationFraction,
      @Key(identity = Identity.NEVER, min = 1, max = 100_000) int partitions)
      implements Serializable {}

  public record Registry(
      @Key(identity = Identity.NEVER, isPath = true) String path,
      @Key(identity = Identity.NEVER) String name)
      implements Serializable {}

  public record Watch(
      @Key(identity = Identity.NEVER) boolean tensorboard,
      @Key(identity = Identity.NEVER) String mlflowUri,
      @Key(identity = Identity.NEVER) String mlflowExperiment,
      @Key(identity = Identity.NEVER, isPath = true) String mlflowTokenFile)
      implements Serializable {}
}
