// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.forecast;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.bellows.conf.AugmentSettings;
import org.bellows.conf.Device;
import org.bellows.conf.LossSettings;
import org.bellows.conf.SyncMode;
import org.bellows.conf.part.TrainingSettings;
import org.bellows.data.shard.LargestPicture;
import org.bellows.models.graph.InputShape;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.network.ConfiguredNetwork;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.worker.engine.EngineRequest;
import org.bellows.worker.engine.StepEngineProvider;
import org.bellows.worker.engine.StepVector;
import org.bellows.worker.engine.registry.StepEngines;
import org.bellows.worker.evaluate.label.LabelAnswers;
import org.bellows.worker.evaluate.metric.ConfusionCounter;
import org.bellows.worker.natives.NativeLibraries;
import org.bellows.worker.segment.InferenceMemory;
import org.bellows.worker.segment.Segmenter;
import org.bellows.worker.train.cost.SynchronisationCosts;

/**
 * Counts the allocations of {@link org.bellows.worker.train.Trainer} and of the code that it calls,
 * array by array, from the configuration alone: nothing large is allocated. The engine reports the
 * further memory of a pass.
 */
public final class MemoryForecast {
  static final String CONNECTIONS = "connections";
  static final String DECODING = "decoding";
  static final String LIBRARIES = "Java, Spark and libraries";

  static final long MEBIBYTE = 1 << 20;

  /** Spark's and Java's own objects, the manifest, and Parquet's while a block is read. */
  static final long HEAP_BASE = 128 * MEBIBYTE;

  /** A collector needs room to work in: one byte for so many that are in use. */
  static final int IN_USE_TO_ROOM = 4;

  /** Code, classes, threads, Spark's network buffers, what is touched of the native libraries. */
  static final long OFF_HEAP_BASE = 320 * MEBIBYTE;

  /** A photograph of some megapixels while a thread decodes and resizes it. */
  private static final long DECODING_THREAD = 64 * MEBIBYTE;

  /** A progressive JPEG's coefficients, 11 bytes, and what is decoded of them. */
  private static final long DECODING_PIXEL = 14;

  /** Buffers and tables of the decoders. */
  private static final long LEAST_DECODING_THREAD = 16 * MEBIBYTE;

  static final int RGB = 3;

  /** Ten crops of a sample go through the network together. */
  private static final int MOST_VIEWS = 10;

  private final TrainingSettings settings;
  private final int executors;
  private final InputShape input;
  private final int classes;
  private final NetworkDefinition definition;
  private final NetworkGraph network;
  private final boolean isOfPixels;
  private final PixelMemory ofPixels;
  private final StepEngineProvider engine;
  private final SynchronisationCosts synchronisation;
  private final long vector;

  private MemoryForecast(
      TrainingSettings settings, int executors, NetworkDefinition definition, int classes) {
    this.settings = settings;
    this.executors = executors;
    this.input = InputShape.of(settings.model());
    this.classes = classes;
    this.definition = definition;
    this.network = definition.graph(input, classes);
    this.isOfPixels = network.pixelHead().isPresent();
    this.ofPixels = new PixelMemory(settings, network);
    this.engine = StepEngines.standard().get(EngineRequest.of(settings.train()));
    this.synchronisation = SynchronisationCosts.of(settings, executors, network).orElseThrow();
    this.vector = StepVector.bytes(network.parameters());
  }

  /**
   * The sizes of the data, or upper bounds.
   *
   * @param encodedBytes of the training split's encoded images
   * @param evaluated samples of the validation split, all executors together
   * @param trained largest picture of the training split; empty: some megapixels
   * @param largest picture of the validation split; empty: as large as the network's input
   */
  public record Samples(
      long encodedBytes,
      long evaluated,
      Optional<LargestPicture> trained,
      Optional<LargestPicture> largest) {
    /** Assumed if no dataset was named. */
    public static final Samples UNKNOWN =
        new Samples(Long.MAX_VALUE, Long.MAX_VALUE, Optional.empty(), Optional.empty());

    private long largestPixels() {
      return Math.max(
          trained.map(LargestPicture::pixels).orElse(0L),
          largest.map(LargestPicture::pixels).orElse(0L));
    }
  }

  /**
   * @param settings of a run on ranks ({@link SyncMode#runsOnRanks})
   * @param network with the loss that is trained
   * @param teacher where there is one
   */
  public static ExecutorMemory of(
      TrainingSettings settings,
      int executors,
      NetworkDefinition network,
      int classes,
      Optional<NetworkDefinition> teacher,
      Samples samples) {
    NativeLibraries.load();
    MemoryForecast forecast = new MemoryForecast(settings, executors, network, classes);
    Map<String, Long> offHeap = forecast.offHeap(samples);
    teacher.ifPresent(
        other ->
            offHeap.put(
                "teacher", new MemoryForecast(settings, executors, other, classes).teacher()));
    Map<String, Long> device = forecast.device(samples);
    if (forecast.isOnGpu()) {
      teacher.ifPresent(
          other ->
              device.put(
                  "teacher",
                  new MemoryForecast(settings, executors, other, classes).onDevice().teacher()));
    }
    return new ExecutorMemory(forecast.heap(samples), offHeap, device);
  }

  private Map<String, Long> heap(Samples samples) {
    Map<String, Long> heap = synchronisation.heap();
    heap.put("batches", batches(samples));
    heap.put("answers", answers());
    inference(samples)
        .ifPresent(memory -> heap.put("evaluated picture", evaluatedAtOnce() * memory.heapBytes()));
    samples
        .trained()
        .ifPresent(largest -> heap.put("label maps", ofPixels.labelMaps(largest.pixels())));
    heap.put("evaluation's counts", counts(samples.evaluated()));
    long waiting = settings.data().bufferMebibytes() * MEBIBYTE;
    heap.put("encoded images, at most", Math.min(waiting, samples.encodedBytes()));
    long used = heap.values().stream().mapToLong(Long::longValue).sum();
    heap.put("Java and Spark", HEAP_BASE + used / IN_USE_TO_ROOM);
    return heap;
  }

  /**
   * Ready, in work and in use; the training split's wait while another is evaluated, of which no
   * more are read than the executor has.
   */
  private long batches(Samples samples) {
    long batches = settings.data().prefetchBatches() + 2L;
    long inEvaluation = batches + evaluatedAtOnce() - 1;
    long evaluated = Math.min(inEvaluation * evaluationPictures(), share(samples.evaluated()));
    long picture =
        isOfPixels ? ofPixels.picture() : (long) Float.BYTES * (input.elements() + classes);
    long counted = isOfPixels ? ofPixels.counted(lanesOfExecutor()) : 0;
    long withAnother = (lanesInWork() - 1L) * settings.train().laneBatch() * picture;
    boolean areDecoded = isOfPixels && !Segmenter.readsResized(settings.evaluate());
    LargestPicture largest = largest(samples);
    long evaluatedPicture = areDecoded ? (long) RGB * largest.height() * largest.width() : picture;
    return batches * settings.train().laneBatch() * picture
        + evaluated * evaluatedPicture
        + withAnother
        + counted
        + keptForAnotherGradient(picture);
  }

  /** Sharpness-aware minimisation goes through the batches of a step twice. */
  private long keptForAnotherGradient(long picture) {
    return settings.optimizer().sharpnessRadius() > 0
        ? (long) lanesOfExecutor() * settings.train().laneBatch() * picture
        : 0;
  }

  private LargestPicture largest(Samples samples) {
    return samples.largest().orElse(new LargestPicture(input.height(), input.width()));
  }

  /** Empty where no pictures are evaluated whose pixels have classes. */
  private Optional<InferenceMemory> inference(Samples samples) {
    LargestPicture largest = largest(samples);
    return isOfPixels && evaluationPictures() > 0
        ? Optional.of(
            InferenceMemory.of(
                definition, network, settings.evaluate(), largest.height(), largest.width()))
        : Optional.empty();
  }

  private int lanesInWork() {
    return ConfiguredNetwork.hasMomentsOverGlobalBatch(network)
        ? lanesOfExecutor()
        : Math.min(settings.lanesAtOnce(), lanesOfExecutor());
  }

  /** Batches, or pictures whose pixels have classes. */
  private int evaluatedAtOnce() {
    return Math.min(settings.lanesAtOnce(), lanesInWork());
  }

  private int lanesOfExecutor() {
    return (settings.train().lanes() + executors - 1) / executors;
  }

  /**
   * A number a class of each sample in a pass: logits, targets, errors and probabilities, as the
   * loss's double precision has them. A step keeps its logits and errors while another is
   * evaluated.
   */
  private long answers() {
    if (isOfPixels) {
      return lanesInWork() * ofPixels.answers();
    }
    long heads = network.heads().size();
    long targets = numbersOfClass();
    long kept = heads * (Float.BYTES + Double.BYTES);
    long step = (targets + 1) * Double.BYTES + targets * Float.BYTES;
    long teacher = settings.loss().hasTeacher() ? 2 * Float.BYTES + Double.BYTES : 0;
    // Logits of full batches and of the last one; logits, probabilities, their sums and means.
    long evaluation = 2 * Float.BYTES + 2 * Double.BYTES + 2 * Float.BYTES;
    long samples = (long) lanesInWork() * settings.train().laneBatch();
    return classes
        * (kept * samples
            + Math.max(
                (step + teacher) * samples, evaluatedAtOnce() * evaluation * evaluationPictures()));
  }

  /** What a sample's row of labels has for each class, as the losses' {@code width}. */
  private int numbersOfClass() {
    LossSettings loss = settings.loss();
    return 1 + (loss.positiveWeights().areAlike() ? 0 : 1) + (loss.hasTeacher() ? 1 : 0);
  }

  /**
   * A cell for each pair of classes that occurs among the executor's samples; or all probabilities,
   * where these are of any number of classes.
   */
  private long counts(long evaluated) {
    if (evaluationPictures() == 0) {
      return 0;
    }
    if (network.isMultiLabel()) {
      return share(evaluated) * LabelAnswers.bytes(classes);
    }
    long cells = (classes + 1L) * classes;
    return ConfusionCounter.BYTES_PER_CELL
        * (isOfPixels ? cells : Math.min(share(evaluated), cells));
  }

  /** Of the evaluated samples an executor's, at most. */
  private long share(long evaluated) {
    long even = evaluated / executors;
    return even + Math.min(evaluated - even, evaluationPictures());
  }

  /** In one pass; 0 without evaluations. */
  private int evaluationPictures() {
    if (settings.train().validationSplit().isBlank()) {
      return 0;
    }
    boolean hasViews =
        settings.augment().evaluationCrop() == AugmentSettings.EvaluationCrop.TEN_CROP;
    return Math.max(settings.evaluate().batch(), hasViews ? MOST_VIEWS : 1);
  }

  private Map<String, Long> offHeap(Samples samples) {
    Map<String, Long> offHeap = new LinkedHashMap<>();
    // Parameters and gradient; each lane beside the first has the latter, and both where it takes
    // steps of its own. With a GPU what is on its way there and back.
    int beside = lanesInWork() - 1;
    long each = settings.sync().mode().averages() ? 2 : 1;
    offHeap.put("network", (2 + (isOnGpu() ? 0 : each * beside)) * vector);
    offHeap.put("training step", lanesInWork() * pass(settings.train().laneBatch(), true));
    if (evaluationPictures() > 0) {
      // Full batches, and the last one, which may be nearly full; of pixels one picture a pass.
      offHeap.put(
          "evaluation",
          evaluatedAtOnce()
              * inference(samples)
                  .map(this::pass)
                  .orElseGet(() -> 2 * pass(evaluationPictures(), false)));
    }
    offHeap.put(CONNECTIONS, synchronisation.connections() / 2);
    offHeap.put(DECODING, settings.data().decodeThreads() * decodingThread(samples));
    offHeap.put(LIBRARIES, OFF_HEAP_BASE + engine.libraryBytes());
    return offHeap;
  }

  private boolean isOnGpu() {
    return settings.train().device() == Device.GPU;
  }

  /** In the memory of the executor's GPU. */
  private Map<String, Long> device(Samples samples) {
    if (!isOnGpu()) {
      return new LinkedHashMap<>();
    }
    Optional<NetworkGraph> shown =
        inference(samples).map(memory -> definition.graph(memory.shown(), classes));
    return onDevice()
        .parts(
            synchronisation.heap().get("gradients"),
            shown,
            evaluationPictures(),
            evaluatedAtOnce());
  }

  private DeviceForecast onDevice() {
    return new DeviceForecast(settings, network, engine, lanesInWork());
  }

  /** A photograph of some megapixels where the pictures are not known. */
  private static long decodingThread(Samples samples) {
    return samples.trained().isPresent()
        ? decodingThread(samples.largestPixels())
        : DECODING_THREAD;
  }

  /** While a thread decodes and resizes a picture of so many pixels. */
  static long decodingThread(long pixels) {
    return Math.max(LEAST_DECODING_THREAD, DECODING_PIXEL * pixels);
  }

  private long teacher() {
    int atOnce = lanesInWork();
    return (1 + atOnce) * vector + atOnce * pass(settings.train().laneBatch(), false);
  }

  private long pass(InferenceMemory inference) {
    NetworkGraph shown = definition.graph(inference.shown(), classes);
    return inference.sizes() * engine.hostBytes(shown, 1, false, settings.train().device());
  }

  private long pass(int samples, boolean training) {
    return engine.hostBytes(network, samples, training, settings.train().device());
  }
}
