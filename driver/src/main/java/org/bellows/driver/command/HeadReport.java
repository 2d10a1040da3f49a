// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.command;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.bellows.conf.Settings;
import org.bellows.driver.chart.NumberText;
import org.bellows.driver.head.HeadTraining;
import org.bellows.driver.job.ReportFacts;
import org.bellows.driver.job.ReportWriter;
import org.bellows.driver.report.HtmlReport;
import org.bellows.driver.report.RunReport;
import org.bellows.driver.run.RunFolder;
import org.bellows.worker.evaluate.Evaluation;
import org.bellows.worker.evaluate.metric.Metric;

/** The output of {@code train-head} at its end: the HTML page and the line on the terminal. */
final class HeadReport {
  private final Settings settings;
  private final HeadTraining.HeadOutcome outcome;

  HeadReport(Settings settings, HeadTraining.HeadOutcome outcome) {
    this.settings = settings;
    this.outcome = outcome;
  }

  /**
   * The evaluation on the test split, which was not used for the choice; without one that on the
   * validation samples.
   */
  Evaluation shown() {
    return outcome.test() == null ? outcome.validation() : outcome.test();
  }

  void write(RunFolder folder, ReportFacts.Stamp stamp) {
    String configuration = settings.effectiveJson();
    folder.write("configuration.json", configuration.getBytes(StandardCharsets.UTF_8));
    Map<String, String> facts = facts();
    ReportFacts.addStamp(facts, stamp);
    facts.put("folder", folder.path().toString());
    RunReport report =
        new RunReport(
            "Bellows: " + folder.path().getName(),
            TrainHeadCommand.NAME,
            "succeeded",
            facts,
            List.of(),
            List.of(),
            shown(),
            configuration,
            notes());
    folder.write(ReportWriter.NAME, HtmlReport.render(report).getBytes(StandardCharsets.UTF_8));
  }

  private Map<String, String> facts() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("classifier", kind(settings).replace('-', ' '));
    if (hasRegularisation()) {
      facts.put("regularisation", NumberText.plain(outcome.chosen().regularisation()));
    }
    facts.put(
        "learned from",
        "%s images of split %s"
            .formatted(NumberText.count(outcome.trainSamples()), settings.train().split()));
    facts.put("chosen by", figure(outcome.validation()));
    if (outcome.test() != null) {
      facts.put("tested on", figure(outcome.test()));
    }
    if (hasRegularisation()) {
      facts.put(
          headline().title() + " by regularisation",
          outcome.trials().stream()
              .map(
                  trial ->
                      NumberText.plain(trial.regularisation())
                          + ": "
                          + NumberText.of(headline().unit(), trial.metrics().get(headline())))
              .collect(Collectors.joining(", ")));
    }
    facts.put("classes", NumberText.count(shown().classes().size()));
    facts.put("features", settings.features().path());
    facts.put("layer", outcome.layer());
    facts.put("network's parameters, SHA-256", outcome.network());
    return facts;
  }

  private Metric headline() {
    return outcome.validation().metrics().headline();
  }

  private List<String> notes() {
    return outcome.test() == null
        ? List.of(
            ("The features hold no split \"%s\" (evaluate.split) that could test it. All figures"
                    + " are of %s, by which the head was chosen: expect new pictures to fare a"
                    + " little worse.")
                .formatted(settings.evaluate().split(), outcome.validation().split()))
        : List.of();
  }

  /** Such as "top-1 87.10 % on 341 images of split validation". */
  private static String figure(Evaluation evaluation) {
    Metric metric = evaluation.metrics().headline();
    return "%s %s on %s images of %s"
        .formatted(
            metric.title(),
            NumberText.of(metric.unit(), evaluation.value(metric)),
            NumberText.count(evaluation.samples()),
            evaluation.split().contains(" ") ? evaluation.split() : "split " + evaluation.split());
  }

  /** The line on the terminal, without paths. */
  String line() {
    String chosen =
        hasRegularisation()
            ? ", regularisation " + NumberText.plain(outcome.chosen().regularisation())
            : "";
    String tested = outcome.test() == null ? "" : "; " + figure(outcome.test());
    return (figure(outcome.validation()) + chosen + tested).replace('\u00a0', ' ');
  }

  private boolean hasRegularisation() {
    return settings.head().kind() != Settings.HeadKind.RANDOM_FOREST;
  }

  static String kind(Settings settings) {
    return settings.head().kind().name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
