package org.bellows.worker.engine.onednn;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.bellows.worker.engine.onednn.plan.Call;
import org.bellows.worker.engine.onednn.plan.CallClock;
import org.bellows.worker.engine.onednn.plan.Pass;

/**
 * Where the time of a network's training step or forward pass goes.
 *
 * @param imagesPerSecond of whole steps or passes; a step brings in the parameters anew
 * @param lines in the order of the step
 */
public record StepProfile(double imagesPerSecond, List<Line> lines) {

  /**
   * One operation.
   *
   * @param phase parameters, forward or backward
   * @param what it is, and oneDNN's name of the code that does it
   * @param microseconds a step
   */
  public record Line(String vertex, String phase, String what, double microseconds) {}

  /**
   * Takes training steps, the first of them not counted.
   *
   * @param pixels [n, channels, height, width]
   * @param targets as {@link OneDnnGraph#gradient} takes them
   * @param parameters of the network; written before each step, as training does
   * @param rounds at least 1
   */
  public static StepProfile of(
      OneDnnGraph graph, float[] pixels, float[] targets, float[] parameters, int rounds) {
    float[] gradient = new float[parameters.length];
    return of(
        graph.samples(pixels),
        rounds,
        clock -> {
          graph.writeParameters(parameters);
          clock.begin();
          graph.gradient(pixels, new Pass(targets, 0), gradient, clock);
        });
  }

  /**
   * Computes answers, the first of them not counted.
   *
   * @param pixels [n, channels, height, width]
   * @param rounds at least 1
   */
  public static StepProfile ofInference(OneDnnGraph graph, float[] pixels, int rounds) {
    return of(
        graph.samples(pixels),
        rounds,
        clock -> {
          clock.begin();
          graph.probabilities(pixels, clock);
        });
  }

  /** Adds up the time of each call. */
  private static final class Stopwatch implements CallClock {
    private final Map<Call, long[]> nanos = new LinkedHashMap<>();
    private long last;

    void begin() {
      last = System.nanoTime();
    }

    @Override
    public void done(Call call) {
      long now = System.nanoTime();
      nanos.computeIfAbsent(call, c -> new long[1])[0] += now - last;
      last = now;
    }
  }

  private static StepProfile of(int samples, int rounds, Consumer<Stopwatch> pass) {
    // Else the first call would be charged with what Java needs to get the stopwatch going.
    pass.accept(new Stopwatch());
    Stopwatch stopwatch = new Stopwatch();
    long begin = System.nanoTime();
    for (int round = 0; round < rounds; round++) {
      pass.accept(stopwatch);
    }
    double seconds = (System.nanoTime() - begin) / 1e9;
    List<Line> lines = new ArrayList<>();
    stopwatch.nanos.forEach((call, sum) -> lines.add(line(call, sum[0] / 1e3 / rounds)));
    return new StepProfile(samples * rounds / seconds, lines);
  }

  private static Line line(Call call, double microseconds) {
    String phase = call.place().phase().name().toLowerCase(Locale.ROOT);
    return new Line(call.place().vertex(), phase, call.what(), microseconds);
  }

  /** As a table, the dearest first, with each line's share of the sum. */
  public String text(int most) {
    double sum = lines.stream().mapToDouble(Line::microseconds).sum();
    StringBuilder text = new StringBuilder();
    text.append("%.1f images/s, %.1f ms in operations%n".formatted(imagesPerSecond, sum / 1e3));
    lines.stream()
        .sorted(Comparator.comparingDouble(Line::microseconds).reversed())
        .limit(most)
        .forEach(
            line ->
                text.append(
                    "%10.1f us %5.1f %%  %-10s %s: %s%n"
                        .formatted(
                            line.microseconds(),
                            100 * line.microseconds() / sum,
                            line.phase(),
                            line.vertex(),
                            line.what())));
    return text.toString();
  }
}
