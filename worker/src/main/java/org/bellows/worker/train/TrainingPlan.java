// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.train;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.bellows.conf.BellowsException;
import org.bellows.conf.LossSettings;
import org.bellows.conf.TrainSettings;
import org.bellows.conf.part.TrainingSettings;
import org.bellows.conf.text.Words;
import org.bellows.data.batch.InputSpec;
import org.bellows.data.batch.TargetSpec;
import org.bellows.data.border.BorderWeights;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.data.manifest.ManifestFile;
import org.bellows.data.order.SampleOrder;
import org.bellows.models.graph.InputShape;
import org.bellows.models.network.ConfiguredNetwork;
import org.bellows.models.network.FewestMoments;
import org.bellows.models.network.Losses;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.models.schedule.LearningRateSchedule;
import org.bellows.models.zoo.NetworkRegistry;
import org.bellows.worker.checkpoint.Checkpoint;
import org.bellows.worker.evaluate.metric.AnswerKind;
import org.bellows.worker.tune.FineTuning;
import org.bellows.worker.tune.StartingModel;

/**
 * Everything about a run that follows from configuration and data: what the driver and all ranks
 * agree on without talking.
 *
 * @param teacherSha256 of the parameters of {@code loss.teacher}, empty without
 * @param classWeights weight of each class, in the order of the manifest; empty: all are equal
 * @param positiveWeights of each class where it is there, in that order; empty: as where it is not
 * @param start the arrays that are taken from {@code model.from}
 */
public record TrainingPlan(
    TrainingSettings settings,
    DatasetManifest manifest,
    String teacherSha256,
    List<Double> classWeights,
    List<Double> positiveWeights,
    StartingModel start)
    implements Serializable {
  /** Of which BatchNorm's moments say little. */
  private static final int FEW_VALUES = 16;

  public TrainingPlan {
    if (classWeights.isEmpty() != settings.loss().classWeights().areAlike()) {
      throw new IllegalArgumentException(
          "loss.class-weights is %s, but the plan has the weights %s"
              .formatted(settings.loss().classWeights().spelt(), Words.and(classWeights)));
    }
    if (positiveWeights.isEmpty() != settings.loss().positiveWeights().areAlike()) {
      throw new IllegalArgumentException(
          "loss.positive-weights is %s, but the plan has the weights %s"
              .formatted(settings.loss().positiveWeights().spelt(), Words.and(positiveWeights)));
    }
    classWeights = List.copyOf(classWeights);
    positiveWeights = List.copyOf(positiveWeights);
  }

  /**
   * A plan that follows from settings and manifest alone: without a teacher, counted weights or a
   * model to start from.
   *
   * @throws BellowsException (configuration) when there is not one class weight a class
   */
  public TrainingPlan(TrainingSettings settings, DatasetManifest manifest) {
    this(
        settings,
        manifest,
        "",
        isOfPixels(settings)
            ? ClassWeighting.ofPixels(settings, manifest, classes(settings, manifest))
            : ClassWeighting.listed(settings.loss().classWeights(), classes(settings, manifest)),
        PositiveWeighting.listed(settings.loss().positiveWeights(), classes(settings, manifest)),
        StartingModel.none());
  }

  /**
   * Reads the plan's further inputs beside settings and manifest: the model to start from, the
   * teacher, and the samples of each class if weights follow from them.
   *
   * @throws BellowsException (configuration) when the model to start from or what is to be frozen
   *     of it does not fit, the teacher's input, classes or normalisation are not the student's, or
   *     classes cannot be weighted; (data) when there is no such model, or fewer than two classes
   */
  public static TrainingPlan of(
      Configuration hadoop, TrainingSettings settings, DatasetManifest manifest) {
    PixelPlanCheck.check(
        settings, manifest, NetworkRegistry.standard().get(settings.model().name()));
    LabelPlanCheck.check(settings, manifest);
    List<String> classes = classes(settings, manifest);
    if (!manifest.multiLabel()) {
      requireClasses(settings, classes);
    }
    List<Double> weights =
        isOfPixels(settings)
            ? ClassWeighting.ofPixels(settings, manifest, classes)
            : ClassWeighting.of(hadoop, settings, manifest);
    List<Double> positive = PositiveWeighting.of(hadoop, settings, manifest);
    TrainingPlan plain =
        new TrainingPlan(settings, manifest, "", weights, positive, StartingModel.none());
    StartingModel start = plain.fineTuning().check(hadoop);
    TrainingPlan plan = new TrainingPlan(settings, manifest, "", weights, positive, start);
    return settings.loss().hasTeacher()
        ? new TrainingPlan(
            settings, manifest, Teacher.check(hadoop, plan), weights, positive, start)
        : plan;
  }

  /** The answer to a question with one answer is no network's to give: softmax is always 1. */
  private static void requireClasses(TrainingSettings settings, List<String> classes) {
    if (classes.size() < 2) {
      throw BellowsException.data(
          "the classes of the dataset at %s are only %s, which leaves nothing to tell apart; a network needs at least 2"
              .formatted(settings.data().path(), Words.and(classes)));
    }
  }

  /** The fine-tuning of a start from a trained model. */
  FineTuning fineTuning() {
    return new FineTuning(settings, network(), classes());
  }

  /** Which samples a lane sees and when; refuses a split smaller than one global batch. */
  public SampleOrder sampleOrder() {
    TrainSettings train = settings.train();
    return new SampleOrder(
        blocksHolding(manifest.split(train.split()).blockSamples(), train.maxSamples()),
        train.lanes(),
        train.laneBatch(),
        settings.data().shuffleWindowSamples(),
        train.seed(),
        settings.augment().repeats());
  }

  /** All blocks, or the first that hold at least so many samples together; 0: all. */
  private static List<Integer> blocksHolding(List<Integer> blocks, long samples) {
    if (samples == 0) {
      return blocks;
    }
    long held = 0;
    int count = 0;
    while (count < blocks.size() && held < samples) {
      held += blocks.get(count++);
    }
    return blocks.subList(0, count);
  }

  public long stepsPerEpoch() {
    return sampleOrder().stepsPerEpoch();
  }

  public long totalSteps() {
    return stepsPerEpoch() * settings.train().epochs();
  }

  public LearningRateSchedule schedule() {
    return new LearningRateSchedule(
        settings.schedule(),
        settings.train().globalBatch(),
        stepsPerEpoch(),
        settings.train().epochs());
  }

  /** The network, with the loss, moments and stochastic depth that the settings ask for. */
  public NetworkDefinition network() {
    NetworkDefinition network =
        ConfiguredNetwork.of(
            NetworkRegistry.standard().get(settings.model().name()),
            settings.model(),
            settings.loss(),
            settings.train());
    return isMultiLabel() ? Losses.multiLabel(network) : network;
  }

  /** Whether lanes meet in the middle of a pass: for moments over the global batch. */
  boolean lanesMeet() {
    return ConfiguredNetwork.hasMomentsOverGlobalBatch(network().graph(input(), classes().size()));
  }

  /**
   * Lanes of a rank that are in the middle of a pass at the same time: where they meet all, though
   * not more compute than {@code cluster.lanes-at-once} says.
   *
   * @param hosted lanes of the rank
   */
  int lanesInWork(int hosted) {
    return lanesMeet() ? hosted : Math.min(settings.lanesAtOnce(), hosted);
  }

  /** The run's folder. */
  public String outputPath() {
    return settings.output().path();
  }

  /** The classes of the network: of samples, or of pixels. */
  public List<String> classes() {
    return classes(settings, manifest);
  }

  private static List<String> classes(TrainingSettings settings, DatasetManifest manifest) {
    return manifest.classNames(isOfPixels(settings));
  }

  /** Whether each sample is of any number of classes. */
  public boolean isMultiLabel() {
    return manifest.multiLabel();
  }

  /** The kind of answers that evaluations count. */
  public AnswerKind answers() {
    if (isMultiLabel()) {
      return AnswerKind.LABELS;
    }
    return isOfPixels() ? AnswerKind.PIXELS : AnswerKind.SAMPLES;
  }

  /** Whether the network says a class of each pixel. */
  public boolean isOfPixels() {
    return isOfPixels(settings);
  }

  private static boolean isOfPixels(TrainingSettings settings) {
    return NetworkRegistry.standard().get(settings.model().name()).isOfPixels();
  }

  /**
   * Sentences for the user on what is allowed and will hardly do: BatchNorm of a network for pixels
   * that takes its moments of few values, which evaluation's running means then differ from.
   */
  public List<String> warnings() {
    if (!isOfPixels() || settings.model().isFrozen()) {
      return List.of();
    }
    int batch = settings.train().momentSamples();
    String key =
        settings.train().batchNormMoments() == TrainSettings.BatchNormMoments.GLOBAL_BATCH
            ? "train.global-batch"
            : "train.lane-batch";
    return FewestMoments.of(network().graph(input(), classes().size())).stream()
        .filter(fewest -> batch * fewest.values() < FEW_VALUES)
        .map(
            fewest ->
                "%s takes mean and variance of %d values a channel (%s %d); of fewer than %d they are noisy"
                    .formatted(fewest.layer(), batch * fewest.values(), key, batch, FEW_VALUES))
        .toList();
  }

  private TargetSpec.Kind kind() {
    if (isMultiLabel()) {
      return TargetSpec.Kind.LABELS;
    }
    return isOfPixels() ? TargetSpec.Kind.PIXELS : TargetSpec.Kind.SAMPLES;
  }

  /** The targets that the network learns. */
  public TargetSpec targets() {
    LossSettings loss = settings.loss();
    Optional<BorderWeights> borders =
        loss.borderWeight() > 0
            ? Optional.of(new BorderWeights(loss.borderWeight(), loss.borderSigmaPixels()))
            : Optional.empty();
    return new TargetSpec(classes().size(), kind(), borders);
  }

  public InputShape input() {
    return InputShape.of(settings.model());
  }

  /**
   * How images become the network's input: normalised by the split that is trained on, or as the
   * model that the run starts from has it.
   */
  public InputSpec inputSpec() {
    InputSpec input =
        InputSpec.of(
            settings.augment(),
            settings.model(),
            manifest.split(settings.train().split()),
            settings.train().seed());
    return start.isPresent() ? start.normalised(input) : input;
  }

  /**
   * The flat vector that becomes the model: the parameters, or their moving average, which is
   * stored after the optimizer's own state.
   */
  public float[] modelParameters(Checkpoint checkpoint) {
    return settings.optimizer().averageDecay() == 0
        ? checkpoint.parameters()
        : checkpoint.optimizer().get(checkpoint.optimizer().size() - 1);
  }

  /** The properties that a checkpoint must have to be resumed from. */
  public Map<String, String> identity() {
    Map<String, String> identity = new TreeMap<>(settings.identity());
    identity.put("dataset sha256", ManifestFile.sha256(manifest));
    if (!teacherSha256.isEmpty()) {
      identity.put("teacher sha256", teacherSha256);
    }
    if (settings.loss().classWeights().areCounted()) {
      identity.put("class weights", classWeights.toString());
    }
    if (settings.loss().positiveWeights().balanced()) {
      identity.put("positive weights", positiveWeights.toString());
    }
    if (start.isPresent()) {
      identity.put("model.from sha256", start.parametersSha256());
      identity.put("model.from mean", start.mean().toString());
      identity.put("model.from standard deviation", start.standardDeviation().toString());
    }
    return identity;
  }
}
