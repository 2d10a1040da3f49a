package org.bellows.worker.engine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Where the time of a network's training step goes.
 *
 * @param imagesPerSecond of whole steps, parameters brought in anew at each
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
   * Takes steps, the first of them not counted.
   *
   * @param pixels [n, channels, height, width]
   * @param targets as {@link OneDnnGraph#gradient} takes them
   * @param parameters of the network; written before each step, as training does
   * @param rounds at least 1
   */
  public static StepProfile of(
      OneDnnGraph graph, float[] pixels, float[] targets, float[] parameters, int rounds) {
    float[] gradient = new float[parameters.length];
    int samples = graph.samples(pixels);
    graph.gradient(pixels, targets, 0, gradient);
    Map<Call, long[]> nanos = new LinkedHashMap<>();
    long begin = System.nanoTime();
    for (int round = 0; round < rounds; round++) {
      graph.writeParameters(parameters);
      long[] last = {System.nanoTime()};
      graph.gradient(
          pixels,
          new Pass(targets, round),
          gradient,
          call -> {
            long now = System.nanoTime();
            nanos.computeIfAbsent(call, c -> new long[1])[0] += now - last[0];
            last[0] = now;
          });
    }
    double seconds = (System.nanoTime() - begin) / 1e9;
    List<Line> lines = new ArrayList<>();
    nanos.forEach((call, sum) -> lines.add(line(call, sum[0] / 1e3 / rounds)));
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
