// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.estimator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.bellows.conf.BellowsException;
import org.bellows.driver.CommandLine;
import org.bellows.driver.TwoExecutors;
import org.bellows.driver.fault.FaultSchedule;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a fit leaves, and what happens when processes die meanwhile. */
@Tag("integration")
@Tag("instructions")
@Tag("once")
@Timeout(600)
class FitTest {
  private static final int KILLED = 128 + 9;

  @TempDir static Path folder;

  private static EstimatorSession session;
  private static Dataset<Row> rows;

  @BeforeAll
  static void start() throws IOException {
    session = EstimatorSession.start(folder);
    rows = session.rows();
  }

  @AfterAll
  static void stop() {
    session.close();
  }

  private static ImageClassifier classifier() {
    return EstimatorSession.classifier(folder.resolve("work"));
  }

  /** The dataset that the fit prepared, trained on by the command with the same settings. */
  @Test
  void aFitIsTheRunOfTheCommandToTheBit() throws IOException {
    ImageClassifierModel model =
        classifier().setReportPath(folder.resolve("page.html").toString()).fit(rows);
    Path run = folder.resolve("command");
    trainByCommand(run);
    assertThat(model.summary().get("parameters-sha256"))
        .isEqualTo(CommandLine.metric(run, "parameters-sha256"));
    assertThat(Files.readString(folder.resolve("page.html"))).contains("<html");
    // A second fit finds dataset and run, whatever the order of the rows.
    long before =
        Files.getLastModifiedTime(Path.of(model.path().replace("file:", ""), "result.json"))
            .toMillis();
    ImageClassifierModel again = classifier().fit(rows.orderBy("path").coalesce(1));
    assertThat(again.path()).isEqualTo(model.path());
    assertThat(
            Files.getLastModifiedTime(Path.of(again.path().replace("file:", ""), "result.json"))
                .toMillis())
        .isEqualTo(before);
    assertPredicts(model, run);
  }

  /** On the dataset that a fit has prepared, as {@link #classifier} does. */
  private static void trainByCommand(Path run) throws IOException {
    Path dataset;
    try (Stream<Path> datasets = Files.list(folder.resolve("work/datasets"))) {
      dataset =
          datasets
              .filter(path -> Files.exists(path.resolve("shards/validation-00000.parquet")))
              .findFirst()
              .orElseThrow();
    }
    List<String> command =
        new ArrayList<>(
            List.of(
                "train",
                "--set=data.path=" + dataset,
                "--set=output.path=" + run,
                "--set=model.name=lenet5",
                "--set=schedule.base-lr=0.1",
                "--set=train.epochs=4",
                TwoExecutors.MEMORY,
                "--set=cluster.executors=2"));
    Arrays.stream(EstimatorSession.SETTINGS).forEach(setting -> command.add("--set=" + setting));
    CommandLine.Said said = CommandLine.run(command.toArray(String[]::new));
    assertThat(said.exitCode()).as(said.err()).isZero();
  }

  /** Lists of none, one or two labels: as the run evaluates and the command predicts. */
  @Test
  void aColumnOfListsIsAnyNumberOfLabels() throws IOException {
    Dataset<Row> several =
        rows.withColumn(
            "label",
            functions.expr(
                "CASE WHEN label < 'd' THEN array() WHEN label < 'r' THEN array(label) ELSE"
                    + " array('x', label) END"));
    ImageClassifier classifier =
        EstimatorSession.classifier(folder.resolve("several")).setMaxIter(1).setThreshold(0.4);
    ImageClassifierModel model = classifier.fit(several);
    String path = folder.resolve("several-saved").toString();
    model.write().overwrite().save(path);
    Dataset<Row> held = several.where("isForValidation").coalesce(1).sortWithinPartitions("path");
    Dataset<Row> answers = ImageClassifierModel.load(path).transform(held).cache();
    for (Row row : answers.collectAsList()) {
      SeveralLabels.assertReached(row, 0.4);
    }
    assertThat(classifier.transformSchema(held.schema()).simpleString())
        .isEqualTo(answers.drop("reason").schema().simpleString());
    MultiLabelEvaluator evaluator = new MultiLabelEvaluator().setThreshold(0.4);
    assertThat(evaluator.evaluate(answers))
        .isCloseTo((double) model.summary().get("map"), within(1e-9));
    double same = evaluator.setMetricName("macro-f1").evaluate(answers);
    assertThat(same).isCloseTo((double) model.summary().get("macro-f1"), within(1e-9));
    double[] best = model.bestThresholds();
    assertThat(evaluator.setThresholds(best).evaluate(answers)).isGreaterThan(same);
    List<Row> byBest = model.setThresholds(best).transform(held).collectAsList();
    assertThat(byBest).hasSize(answers.collectAsList().size());
    for (Row row : byBest) {
      Vector probability = row.getAs("probability");
      for (int label = 0; label < best.length; label++) {
        assertThat(row.getList(row.fieldIndex("prediction")).contains((double) label))
            .isEqualTo(probability.apply(label) >= best[label]);
      }
    }
    SeveralLabels.assertRefusals(classifier, model, evaluator, several, answers);
  }

  /** As the command's evaluation counts, and as each row says. */
  private static void assertPredicts(ImageClassifierModel model, Path run) throws IOException {
    // In one order: the last digits of an answer depend on the batch that it is computed in.
    Dataset<Row> held = rows.where("isForValidation").coalesce(1).sortWithinPartitions("path");
    Dataset<Row> answers = model.transform(held);
    assertThat(answers.columns())
        .containsExactly(
            "content",
            "path",
            "label",
            "isForValidation",
            "rawPrediction",
            "probability",
            "prediction",
            "predictedLabel",
            "reason");
    List<Row> collected = answers.collectAsList();
    long right = 0;
    for (Row row : collected) {
      Vector probability = row.getAs("probability");
      Vector raw = row.getAs("rawPrediction");
      double sum = 0;
      for (int label = 0; label < probability.size(); label++) {
        sum += probability.apply(label);
        assertThat(raw.apply(label)).isCloseTo(Math.log(probability.apply(label)), within(1e-12));
      }
      assertThat(sum).isCloseTo(1, within(1e-5));
      assertThat(row.<Double>getAs("prediction")).isEqualTo(probability.argmax());
      right += row.getAs("predictedLabel").equals(row.getAs("label")) ? 1 : 0;
    }
    double top1 = ((Number) CommandLine.metric(run, "top1")).doubleValue();
    assertThat((double) right / collected.size()).isCloseTo(top1, within(1e-9));
    String path = folder.resolve("saved").toString();
    model.write().overwrite().save(path);
    ImageClassifierModel loaded = ImageClassifierModel.load(path);
    loaded.write().overwrite().save(path);
    assertThat(ImageClassifierModel.load(path).transform(held).collectAsList())
        .isEqualTo(collected);
  }

  /**
   * A program that fits dies; another fits the same, on other executors, of which one dies. As if
   * nothing had happened.
   */
  @Test
  void aFitThatWasKilledResumesWhenItIsCalledAgain() throws Exception {
    Object undisturbed = classifier().fit(rows).summary().get("parameters-sha256");
    FaultSchedule faults = new FaultSchedule(folder.resolve("faults"));
    faults.begin(List.of("rank-0 after-step-7 kill"));
    Path work = folder.resolve("killed");
    int exitCode = fitElsewhere(work);
    assertThat(exitCode).as(Files.readString(folder.resolve("fit.log"))).isEqualTo(KILLED);
    assertThat(faults.fired()).hasSize(1);

    faults.begin(List.of("rank-1 after-step-10 kill"));
    ImageClassifierModel model = EstimatorSession.classifier(work).fit(rows);
    assertThat(faults.fired()).hasSize(1);
    assertThat(model.summary().get("parameters-sha256")).isEqualTo(undisturbed);
    assertThat(Files.readString(Path.of(model.path().replace("file:", ""), "notes.json")))
        .containsPattern("resumed from the checkpoint of step [46] on 2 executors")
        .containsPattern("executor \\d+ on localhost \\(rank 1\\) was lost")
        .containsPattern("resumed from the checkpoint of step (8|10) on 2 executors");
    try (Stream<Path> datasets = Files.list(work.resolve("datasets"))) {
      assertThat(datasets).hasSize(1);
    }
  }

  private static int fitElsewhere(Path work) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.add("-D%s=%s".formatted(FaultSchedule.PROPERTY, folder.resolve("faults")));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), FitMain.class.getName()));
    command.addAll(List.of(folder.resolve("raw").toString(), work.toString()));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("fit.log").toFile())
            .start();
    assertThat(process.waitFor(300, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  @Test
  void allThatIsWrongIsSaidBeforeAnyJob() {
    ImageClassifier wrong =
        new ImageClassifier()
            .setNetwork("lenet6")
            .setMaxIter(3)
            .setInputCol("photo")
            .setSettings(
                new String[] {
                  "data.path=/x", "train.epochs=2", "source.seed=1", "optimizer.nam=sgd"
                });
    assertThatThrownBy(() -> wrong.fit(rows))
        .isInstanceOf(BellowsException.class)
        .hasMessageContaining("workPath: is not set; datasets and runs are written below it")
        .hasMessageContaining("settings: holds data.path, which workPath decides")
        .hasMessageContaining(
            "settings: holds train.epochs, and a parameter of its own is set for it")
        .hasMessageContaining("lenet6")
        .hasMessageContaining("optimizer.nam")
        .hasMessageContaining(
            "there is no column photo; there are content, path, label and isForValidation");
    assertThatThrownBy(() -> classifier().setThresholds(new double[] {0.5}).fit(rows))
        .hasMessageContaining(
            "thresholds is set, but column label has one label a row, expected arrays or vectors of"
                + " labels");
    assertThatThrownBy(() -> new MultiLabelEvaluator().setThresholds(new double[] {0.5, 1.5}))
        .hasMessage("thresholds holds [0.5, 1.5], expected numbers from 0 to 1");
    assertThatThrownBy(
            () -> classifier().setSettings(new String[] {"cluster.cores-per-lane=2"}).fit(rows))
        .hasMessageContaining(
            "spark.executorEnv.OMP_NUM_THREADS: is 1, but cluster.cores-per-lane is 2");
  }

  @Test
  void settingsOfASessionAreThoseOfTheCommandLine() {
    Map<String, String> conf =
        SessionSettings.of("cluster.executors=2", "cluster.cores-per-lane=2");
    assertThat(conf)
        .containsEntry("spark.plugins", "org.bellows.driver.spark.BellowsPlugin")
        .containsEntry("spark.executorEnv.OMP_NUM_THREADS", "2")
        .containsEntry("spark.task.cpus", "2");
  }
}
