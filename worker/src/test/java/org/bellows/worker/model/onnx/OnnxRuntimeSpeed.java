// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.model.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.bellows.models.graph.Heads;
import org.bellows.models.graph.InputShape;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.models.zoo.NetworkRegistry;
import org.bellows.worker.model.TrainedModel;
import org.bellows.worker.natives.NativeLibraries;
import org.bellows.worker.network.LaneNetwork;

/**
 * Images a second of the forward pass beside ONNX Runtime's on the exported model: the same images,
 * the same batch, one thread each (start it with OMP_NUM_THREADS=1), turn and turn about. ONNX
 * Runtime optimises the graph as far as it can and finds its input where it wants it; ours is
 * copied from a Java array. Arguments: any number of network:samples:seconds, seconds of a turn;
 * "profile" also says where our time goes.
 */
public final class OnnxRuntimeSpeed {
  private static final int ROUNDS = 7;
  private static final int LEAST_PROFILED = 10;
  private static final int LINES = 25;
  private static final int SEED = 1;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private OnnxRuntimeSpeed() {}

  /**
   * Medians of the rounds.
   *
   * @param imagesPerSecond ours
   * @param runtimesImagesPerSecond ONNX Runtime's
   * @param ratio of the first to the second, the median of the rounds' own ratios
   * @param processorRatio the same by the thread's processor time, which other work on the machine
   *     distorts less
   * @param difference the largest between two probabilities
   */
  public record Row(
      String network,
      int samples,
      double imagesPerSecond,
      double runtimesImagesPerSecond,
      double ratio,
      double processorRatio,
      double difference) {}

  /** Computes the same batch again and again. */
  private interface Forward {
    void run() throws OrtException;
  }

  public static void main(String[] arguments) throws IOException, OrtException {
    System.out.println(NativeLibraries.describe());
    boolean profile = Arrays.asList(arguments).contains("profile");
    for (String argument : arguments) {
      if (argument.equals("profile")) {
        continue;
      }
      String[] parts = argument.split(":");
      NetworkDefinition network = NetworkRegistry.standard().get(parts[0]);
      int samples = Integer.parseInt(parts[1]);
      double seconds = Double.parseDouble(parts[2]);
      Row row = measure(network, samples, ROUNDS, seconds);
      System.out.printf(
          Locale.ROOT,
          "%s, batch %d: bellows %.1f images/s, ONNX Runtime %.1f images/s, ratio %.2f (by"
              + " processor time %.2f), probabilities differ by %.1e%n",
          row.network(),
          row.samples(),
          row.imagesPerSecond(),
          row.runtimesImagesPerSecond(),
          row.ratio(),
          row.processorRatio(),
          row.difference());
      if (profile) {
        double passes = ROUNDS * seconds * row.imagesPerSecond() / samples;
        profile(network, samples, Math.max(LEAST_PROFILED, (int) passes));
      }
    }
  }

  /**
   * @param rounds how often each has its turn
   * @param seconds of a turn, at least one pass
   */
  public static Row measure(NetworkDefinition network, int samples, int rounds, double seconds)
      throws IOException, OrtException {
    InputShape input = network.usualInput();
    TrainedModel model = RandomModels.model(network, input, network.usualClasses(), SEED);
    float[] pixels = RandomModels.pixels(input, samples, SEED);
    long[] shape = {samples, input.channels(), input.height(), input.width()};
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (LaneNetwork ours = model.open();
        OrtSession.SessionOptions options = oneThread();
        OrtSession theirs = environment.createSession(exported(model), options);
        OnnxTensor images = OnnxTensor.createTensor(environment, FloatBuffer.wrap(pixels), shape)) {
      double difference = difference(ours.probabilities(pixels, samples), answer(theirs, images));
      Rate[] rates = new Rate[rounds];
      Rate[] runtimes = new Rate[rounds];
      for (int round = 0; round < rounds; round++) {
        rates[round] = rate(() -> ours.probabilities(pixels, samples), samples, seconds);
        runtimes[round] =
            rate(() -> theirs.run(Map.of(Heads.INPUT, images)).close(), samples, seconds);
      }
      return new Row(
          network.name(),
          samples,
          median(rounds, i -> rates[i].perSecond()),
          median(rounds, i -> runtimes[i].perSecond()),
          median(rounds, i -> rates[i].perSecond() / runtimes[i].perSecond()),
          median(rounds, i -> rates[i].perProcessorSecond() / runtimes[i].perProcessorSecond()),
          difference);
    }
  }

  /** Images by the wall clock, and by this thread's processor time. */
  private record Rate(double perSecond, double perProcessorSecond) {}

  private static OrtSession.SessionOptions oneThread() throws OrtException {
    OrtSession.SessionOptions options = new OrtSession.SessionOptions();
    options.setIntraOpNumThreads(1);
    options.setInterOpNumThreads(1);
    options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
    return options;
  }

  private static byte[] exported(TrainedModel model) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    OnnxExport.write(model, false, out);
    return out.toByteArray();
  }

  /** [samples][classes]. */
  private static float[][] answer(OrtSession session, OnnxTensor images) throws OrtException {
    try (OrtSession.Result result = session.run(Map.of(Heads.INPUT, images))) {
      return (float[][]) result.get(OnnxExport.PROBABILITIES).orElseThrow().getValue();
    }
  }

  private static double difference(float[] ours, float[][] theirs) {
    double largest = 0;
    int classes = theirs[0].length;
    for (int i = 0; i < ours.length; i++) {
      largest = Math.max(largest, Math.abs(ours[i] - theirs[i / classes][i % classes]));
    }
    return largest;
  }

  private static Rate rate(Forward forward, int samples, double seconds) throws OrtException {
    long begin = System.nanoTime();
    long used = THREADS.getCurrentThreadCpuTime();
    int images = 0;
    do {
      forward.run();
      images += samples;
    } while (System.nanoTime() - begin < seconds * 1e9);
    double wall = (System.nanoTime() - begin) * 1e-9;
    return new Rate(images / wall, images / ((THREADS.getCurrentThreadCpuTime() - used) * 1e-9));
  }

  private static double median(int count, IntToDoubleFunction values) {
    return IntStream.range(0, count).mapToDouble(values).sorted().toArray()[count / 2];
  }

  private static void profile(NetworkDefinition network, int samples, int passes) {
    InputShape input = network.usualInput();
    try (LaneNetwork ours =
        RandomModels.model(network, input, network.usualClasses(), SEED).open()) {
      float[] pixels = RandomModels.pixels(input, samples, SEED);
      System.out.print(ours.profileInference(pixels, passes).orElseThrow().text(LINES));
    }
  }
}
