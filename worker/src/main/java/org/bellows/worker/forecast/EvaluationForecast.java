// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.forecast;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.bellows.conf.CrfSettings;
import org.bellows.conf.Device;
import org.bellows.conf.EvaluateSettings;
import org.bellows.conf.Settings;
import org.bellows.data.shard.LargestPicture;
import org.bellows.models.graph.InputShape;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.worker.crf.DenseCrf;
import org.bellows.worker.engine.EngineRequest;
import org.bellows.worker.engine.StepEngineProvider;
import org.bellows.worker.engine.StepVector;
import org.bellows.worker.engine.registry.StepEngines;
import org.bellows.worker.evaluate.metric.ConfusionCounter;
import org.bellows.worker.natives.NativeLibraries;
import org.bellows.worker.segment.InferenceMemory;
import org.bellows.worker.segment.Segmenter;

/**
 * Counts what an executor needs to evaluate networks that say a class of each pixel, the
 * conditional random field included; of others what they need of a GPU.
 */
public final class EvaluationForecast {
  private final Asked asked;
  private final List<NetworkDefinition> networks;
  private final InputShape input;
  private final int classes;
  private final Pictures pictures;

  private EvaluationForecast(
      Asked asked,
      List<NetworkDefinition> networks,
      InputShape input,
      int classes,
      Pictures pictures) {
    this.asked = asked;
    this.networks = networks;
    this.input = input;
    this.classes = classes;
    this.pictures = pictures;
  }

  /**
   * @param atOnce pictures that an executor evaluates at the same time
   */
  public record Asked(
      EvaluateSettings evaluate, Settings.Data data, CrfSettings crf, int atOnce, int executors) {}

  /**
   * Of the split.
   *
   * @param encodedBytes of all
   */
  public record Pictures(long encodedBytes, long samples, LargestPicture largest) {}

  /**
   * @param networks of an ensemble
   * @param input that they all take
   */
  public static ExecutorMemory of(
      Asked asked,
      List<NetworkDefinition> networks,
      InputShape input,
      int classes,
      Pictures pictures) {
    NativeLibraries.load();
    EvaluationForecast forecast = new EvaluationForecast(asked, networks, input, classes, pictures);
    return new ExecutorMemory(forecast.heap(), forecast.offHeap(), forecast.device());
  }

  /**
   * What an executor takes of the memory of its GPU to evaluate networks that answer pictures as a
   * whole, batch by batch.
   *
   * @param networks of an ensemble
   * @param pictures of a pass
   * @param atOnce passes
   * @return as {@link ExecutorMemory#device}
   */
  public static Map<String, Long> onDevice(
      EvaluateSettings evaluate, List<NetworkGraph> networks, int pictures, int atOnce) {
    return evaluate.device() == Device.GPU
        ? DeviceForecast.ofInference(engine(evaluate), networks, pictures, atOnce)
        : new LinkedHashMap<>();
  }

  private Map<String, Long> heap() {
    Map<String, Long> heap = new LinkedHashMap<>();
    heap.put("models", 2 * vectors());
    heap.put("batches", batches());
    heap.put("evaluated picture", asked.atOnce() * picture());
    if (asked.crf().enabled()) {
      heap.put("conditional random field", asked.atOnce() * field());
    }
    heap.put("evaluation's counts", ConfusionCounter.BYTES_PER_CELL * (classes + 1L) * classes);
    long waiting = asked.data().bufferMebibytes() * MemoryForecast.MEBIBYTE;
    heap.put("encoded images, at most", Math.min(waiting, pictures.encodedBytes()));
    long used = heap.values().stream().mapToLong(Long::longValue).sum();
    heap.put("Java and Spark", MemoryForecast.HEAP_BASE + used / MemoryForecast.IN_USE_TO_ROOM);
    return heap;
  }

  private long vectors() {
    return networks.stream()
        .mapToLong(network -> StepVector.bytes(network.graph(input, classes).parameters()))
        .sum();
  }

  /** Ready, in work and in use; no more than the executor has. */
  private long batches() {
    long most = (asked.data().prefetchBatches() + 1L + asked.atOnce()) * asked.evaluate().batch();
    long even = pictures.samples() / asked.executors();
    long share = even + Math.min(pictures.samples() - even, asked.evaluate().batch());
    long each =
        Segmenter.readsResized(asked.evaluate())
            ? (long) Float.BYTES * input.elements() + input.height() * (long) input.width()
            : MemoryForecast.RGB * pictures.largest().pixels();
    return Math.min(most, share) * each;
  }

  /** Of the network that needs most; of several the sums of their probabilities. */
  private long picture() {
    long sums = (2L * classes + 1) * Float.BYTES * pictures.largest().pixels();
    long most =
        networks.stream().mapToLong(network -> inference(network).heapBytes()).max().orElse(0);
    return most + (networks.size() > 1 ? sums : 0);
  }

  private long field() {
    long pixels = pictures.largest().pixels();
    return DenseCrf.heapBytes(classes, pixels) + MemoryForecast.RGB * pixels;
  }

  private InferenceMemory inference(NetworkDefinition network) {
    return InferenceMemory.of(
        network,
        network.graph(input, classes),
        asked.evaluate(),
        pictures.largest().height(),
        pictures.largest().width());
  }

  private Map<String, Long> offHeap() {
    Map<String, Long> offHeap = new LinkedHashMap<>();
    offHeap.put("models", (1L + asked.atOnce()) * vectors());
    offHeap.put("evaluation", asked.atOnce() * plans().sum());
    offHeap.put(MemoryForecast.CONNECTIONS, 0L);
    long threads = (long) asked.data().decodeThreads() + asked.atOnce();
    offHeap.put(
        MemoryForecast.DECODING,
        threads * MemoryForecast.decodingThread(pictures.largest().pixels()));
    offHeap.put(MemoryForecast.LIBRARIES, MemoryForecast.OFF_HEAP_BASE + engine().libraryBytes());
    return offHeap;
  }

  private StepEngineProvider engine() {
    return engine(asked.evaluate());
  }

  private static StepEngineProvider engine(EvaluateSettings evaluate) {
    return StepEngines.standard().get(EngineRequest.of(evaluate));
  }

  private LongStream plans() {
    StepEngineProvider engine = engine();
    return networks.stream()
        .mapToLong(
            network -> {
              InferenceMemory memory = inference(network);
              NetworkGraph shown = network.graph(memory.shown(), classes);
              return memory.sizes() * engine.hostBytes(shown, 1, false, asked.evaluate().device());
            });
  }

  /** In the memory of the executor's GPU. */
  private Map<String, Long> device() {
    if (asked.evaluate().device() != Device.GPU) {
      return new LinkedHashMap<>();
    }
    return DeviceForecast.ofInference(
        engine(),
        networks.stream()
            .map(network -> network.graph(inference(network).shown(), classes))
            .toList(),
        1,
        asked.atOnce());
  }
}
