package org.bellows.worker.engine;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.bellows.models.network.FlatLayout;
import org.bellows.models.network.InputShape;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.models.network.NetworkRegistry;
import org.bellows.worker.natives.NativeLibraries;
import org.bellows.worker.network.LaneNetwork;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** Images/s of one network's step on oneDNN and in DL4J's graph, in alternation. */
public final class StepSpeed {
  private StepSpeed() {}

  public static void main(String[] arguments) {
    System.out.println(NativeLibraries.load());
    String name = arguments[0];
    int n = Integer.parseInt(arguments[1]);
    double seconds = arguments.length > 2 ? Double.parseDouble(arguments[2]) : 1;
    NetworkDefinition definition = NetworkRegistry.standard().get(name);
    InputShape input = definition.usualInput();
    int classes = definition.usualClasses();
    SplittableRandom random = new SplittableRandom(1);
    float[] pixels = new float[n * input.channels() * input.height() * input.width()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.nextDouble();
    }
    float[] targets = new float[n * classes];
    for (int i = 0; i < n; i++) {
      targets[i * classes + random.nextInt(classes)] = 1;
    }
    ComputationGraphConfiguration configuration = definition.builder().build(input, classes, 1);
    ComputationGraph graph = new ComputationGraph(configuration);
    graph.init();
    FlatLayout layout = FlatLayout.of(graph);
    float[] parameters = graph.params().data().asFloat();
    LaneNetwork reference = new LaneNetwork(definition, input, classes, 1);
    float[] expected = new float[layout.length()];
    float[] actual = new float[layout.length()];
    double expectedLoss = reference.gradient(pixels, targets, 3, expected);
    try (StepEngine engine = new StepEngine(configuration, input, layout)) {
      engine.writeParameters(parameters);
      double loss = engine.gradient(pixels, targets, 3, actual);
      double difference = 0;
      double norm = 0;
      for (int i = 0; i < actual.length; i++) {
        difference += Math.pow(actual[i] - expected[i], 2);
        norm += Math.pow(expected[i], 2);
      }
      System.out.printf(
          "loss %.6f dl4j %.6f, relative gradient error %.2e%n",
          loss, expectedLoss, Math.sqrt(difference / norm));
      for (FlatLayout.Segment segment : layout.segments()) {
        double off = 0;
        double size = 0;
        for (int i = segment.offset(); i < segment.end(); i++) {
          off += Math.pow(actual[i] - expected[i], 2);
          size += Math.pow(expected[i], 2);
        }
        if (Math.sqrt(off) > 1e-3 * Math.sqrt(size)) {
          System.out.printf("%s: %.2e of %.2e%n", segment.name(), Math.sqrt(off), Math.sqrt(size));
        }
      }
      for (int round = 0; round < 3; round++) {
        double own =
            n
                * rate(
                    seconds,
                    () -> {
                      engine.writeParameters(parameters);
                      engine.gradient(pixels, targets, 3, actual);
                    });
        double graphs =
            n
                * rate(
                    seconds,
                    () -> {
                      reference.writeParameters(parameters);
                      reference.gradient(pixels, targets, 3, expected);
                    });
        System.out.printf("onednn %.1f images/s, dl4j %.1f, ratio %.2f%n", own, graphs, own / graphs);
      }
      profile(engine, pixels, targets, actual, n);
    }
  }

  private static void profile(
      StepEngine engine, float[] pixels, float[] targets, float[] gradient, int n) {
    java.util.Map<String, Long> nanos = new java.util.LinkedHashMap<>();
    long[] last = new long[1];
    int rounds = 100;
    for (int i = 0; i < rounds; i++) {
      last[0] = System.nanoTime();
      engine.gradient(
          pixels,
          new Pass(targets, 3),
          gradient,
          call -> {
            long now = System.nanoTime();
            nanos.merge(call.vertex() + " | " + call.what(), now - last[0], Long::sum);
            last[0] = now;
          });
    }
    nanos.forEach((k, v) -> System.out.printf("%9.1f us  %s%n", v / 1e3 / rounds, k));
    System.out.println(Arrays.toString(new int[0]));
  }

  private static double rate(double seconds, Runnable step) {
    step.run();
    long begin = System.nanoTime();
    int count = 0;
    while (System.nanoTime() - begin < seconds * 1e9) {
      step.run();
      count++;
    }
    return count / ((System.nanoTime() - begin) / 1e9);
  }
}
