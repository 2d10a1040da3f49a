// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.report;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.bellows.worker.evaluate.Evaluation;
import org.bellows.worker.evaluate.metric.ConfusionCounts;
import org.bellows.worker.metrics.StepMetrics;

/** Reports made of invented but plausible numbers, for tests and for the eye. */
final class SampleReports {
  private static final List<String> CLOTHES =
      List.of(
          "T-shirt/top",
          "Trouser",
          "Pullover",
          "Dress",
          "Coat",
          "Sandal",
          "Shirt",
          "Sneaker",
          "Bag",
          "Ankle boot");

  private SampleReports() {}

  /** Writes pages to look at: {@code target/report-sample.html} and others beside it. */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments.length > 0 ? arguments[0] : "target");
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("report-sample.html"), HtmlReport.render(clothes()));
    Files.writeString(folder.resolve("report-failed.html"), HtmlReport.render(failed()));
    Files.writeString(folder.resolve("report-empty.html"), HtmlReport.render(empty()));
    Files.writeString(folder.resolve("report-24.html"), HtmlReport.render(large(24, 4000)));
    Files.writeString(folder.resolve("report-1000.html"), HtmlReport.render(large(1000, 500_000)));
  }

  static RunReport empty() {
    return new RunReport(
        "Nothing yet", "train", "succeeded", Map.of(), List.of(), List.of(), null, "{}", List.of());
  }

  /** LeNet-5 on pictures of clothes, with one resume. */
  static RunReport clothes() {
    List<StepMetrics> steps = new ArrayList<>(steps(0, 2820, 235, 3000));
    // The run fell back to step 1410 once, after step 1530.
    List<StepMetrics> logged = new ArrayList<>(steps.subList(0, 1531));
    logged.addAll(steps.subList(1410, steps.size()));
    List<EpochEvaluation> evaluations =
        IntStream.rangeClosed(1, 12)
            .mapToObj(
                epoch -> {
                  double top1 = 0.917 - 0.16 * Math.exp(-epoch / 2.2);
                  double loss = 0.245 + 0.42 * Math.exp(-epoch / 2.0) + 0.004 * (epoch % 3);
                  double top5 = 0.9985 - 0.004 * Math.exp(-epoch / 3.0);
                  return MetricFixtures.epoch(epoch, epoch * 235L, loss, top1, top5, 0);
                })
            .toList();
    return new RunReport(
        "lenet5 on fashion-mnist",
        "train",
        "succeeded",
        summary(),
        logged,
        evaluations,
        evaluation("test", CLOTHES, 1000, 60),
        configuration(),
        List.of(
            "Executor 2 was lost at step 1530 (heartbeat timed out after 30 s); resumed from"
                + " checkpoint step-1410 on 3 executors, 12.4 s later.",
            "Checkpoint step-1530 was passed over: optimizer.bin has 1048576 bytes, its manifest"
                + " says 1769472."));
  }

  /** Diverges after 180 steps and stops. */
  static RunReport failed() {
    List<StepMetrics> steps = new ArrayList<>();
    for (StepMetrics step : steps(0, 200, 100, 90 * 100)) {
      double loss =
          step.step() < 150 ? step.loss() : step.loss() * Math.exp((double) (step.step() - 150));
      steps.add(withLoss(step, step.step() < 180 ? loss : Double.NaN));
    }
    return new RunReport(
        "resnet50, rate too high",
        "train",
        "failed",
        Map.of("network", "resnet50"),
        steps,
        List.of(MetricFixtures.epoch(1, 100, 1.9, 0.41, 0.74, 0)),
        null,
        "{}",
        List.of("Step 180: loss is NaN."));
  }

  static RunReport large(int classes, int stepCount) {
    List<String> names =
        IntStream.range(0, classes).mapToObj(label -> "species number " + label).toList();
    int epochs = 90;
    int stepsPerEpoch = Math.max(1, stepCount / epochs);
    List<EpochEvaluation> evaluations =
        IntStream.rangeClosed(1, epochs)
            .mapToObj(
                epoch -> {
                  double left = Math.exp(-epoch / 15.0);
                  return MetricFixtures.epoch(
                      epoch,
                      (long) epoch * stepsPerEpoch,
                      1 + 5 * left,
                      0.76 - left * 0.7,
                      0.93 - left * 0.7,
                      0);
                })
            .toList();
    return new RunReport(
        "resnet50 on " + classes + " classes",
        "train",
        "succeeded",
        summary(),
        steps(0, stepCount, stepsPerEpoch, stepCount),
        evaluations,
        evaluation("validation", names, 50, 40),
        configuration(),
        List.of());
  }

  /** Warmup over a twentieth of the run, then a cosine; noise from a fixed seed. */
  static List<StepMetrics> steps(int from, int to, int stepsPerEpoch, int total) {
    Random random = new Random(7);
    List<StepMetrics> steps = new ArrayList<>();
    int warmup = Math.max(1, total / 20);
    for (int step = from; step < to; step++) {
      double done = (step - warmup) / (double) Math.max(1, total - warmup);
      double rate =
          step < warmup ? 0.4 * (step + 1) / warmup : 0.2 * (1 + Math.cos(Math.PI * done));
      double loss =
          (0.24 + 1.9 * Math.exp(-7.0 * step / total) + 0.25 * Math.exp(-1.2 * step / total))
              * (1 + 0.13 * random.nextGaussian());
      double compute = 0.081 + 0.004 * random.nextDouble() + (step == 0 ? 2.5 : 0);
      double collective = 0.014 + 0.006 * random.nextDouble();
      double wait = step % 97 < 3 ? 0.03 : 0.001 * random.nextDouble();
      double seconds = compute + collective + wait + 0.003;
      int epoch = step / stepsPerEpoch;
      steps.add(new StepMetrics(step, epoch, loss, rate, seconds, 256, wait, compute, collective));
    }
    return steps;
  }

  static StepMetrics withLoss(StepMetrics step, double loss) {
    return new StepMetrics(
        step.step(),
        step.epoch(),
        loss,
        step.learningRate(),
        step.seconds(),
        step.images(),
        step.dataWaitSeconds(),
        step.computeSeconds(),
        step.collectiveSeconds());
  }

  static Evaluation evaluation(String split, List<String> classes, int each, int mistakes) {
    Random random = new Random(11);
    long[][] confusion = new long[classes.size()][classes.size()];
    long right = 0;
    for (int actual = 0; actual < classes.size(); actual++) {
      double hard = classes.get(actual).equals("Shirt") ? 0.25 : 0.02 + 0.1 * random.nextDouble();
      for (int sample = 0; sample < each; sample++) {
        boolean wrong = random.nextDouble() < hard;
        int near = (actual + 2 * (1 + random.nextInt(2) * random.nextInt(3))) % classes.size();
        confusion[actual][wrong ? near : actual]++;
        right += wrong && near != actual ? 0 : 1;
      }
    }
    long samples = (long) each * classes.size();
    List<Evaluation.Mistake> worst = new ArrayList<>();
    for (int i = 0; i < mistakes; i++) {
      int actual = random.nextInt(classes.size());
      int predicted = (actual + 1 + random.nextInt(classes.size() - 1)) % classes.size();
      String source = "hdfs://namenode/data/raw/" + split + "/images-" + i * 37 + ".png";
      double probability = 0.9999 - 0.01 * i;
      worst.add(
          new Evaluation.Mistake(
              i * 37L, source, actual, predicted, probability, 9.2 / (1 + 0.05 * i), picture(i)));
    }
    double top1 = (double) right / samples;
    return MetricFixtures.evaluation(
        split, samples, 0.2471, top1, 0.9984, classes, ConfusionCounts.of(confusion), worst);
  }

  private static byte[] picture(int seed) {
    BufferedImage image = new BufferedImage(28, 28, BufferedImage.TYPE_BYTE_GRAY);
    Graphics2D graphics = image.createGraphics();
    Random random = new Random(seed);
    for (int i = 0; i < 3; i++) {
      int shade = 90 + random.nextInt(165);
      graphics.setColor(new Color(shade, shade, shade));
      graphics.fillRoundRect(
          4 + random.nextInt(7), 3 + random.nextInt(7), 9 + random.nextInt(8), 14, 5, 5);
    }
    graphics.dispose();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      if (!ImageIO.write(image, "png", bytes)) {
        throw new IllegalStateException("no PNG writer");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static Map<String, String> summary() {
    Map<String, String> summary = new LinkedHashMap<>();
    summary.put("network", "lenet5");
    summary.put("trainable parameters", "61,706");
    summary.put("training data", "fashion-mnist, 60,000 images");
    summary.put("lanes × lane batch", "8 × 32 = 256");
    summary.put("executors", "4, later 3");
    summary.put("machine", "Intel Xeon 8481C, 16 cores, 64 GiB");
    summary.put("training time", "4 min 52 s");
    summary.put("seed", "42");
    summary.put(
        "parameters, SHA-256", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08");
    return summary;
  }

  private static String configuration() {
    return """
    {
      "data": { "path": "hdfs:///data/fashion-mnist" },
      "model": { "name": "lenet5" },
      "train": { "epochs": 12, "global-batch": 256, "lane-batch": 32, "seed": 42 }
    }\
    """;
  }
}
