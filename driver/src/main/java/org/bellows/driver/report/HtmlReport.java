// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.report;

import java.util.List;
import java.util.Map;
import org.bellows.driver.chart.HtmlPage;
import org.bellows.driver.chart.Markup;
import org.bellows.driver.chart.NumberText;
import org.bellows.worker.evaluate.Evaluation;

/** The report of a run as one page that needs no network, no script and no file beside it. */
public final class HtmlReport {
  private static final String TRAIN = "train";

  private HtmlReport() {}

  /**
   * The whole page, to be written as UTF-8. Equal reports give equal pages. Without recorded steps,
   * evaluations or mistakes their sections are left out.
   */
  public static String render(RunReport report) {
    return HtmlPage.render(report.title(), out -> renderBody(out, report));
  }

  private static void renderBody(Markup out, RunReport report) {
    StepHistory history = StepHistory.of(report.steps());
    Evaluation finished = report.finalEvaluation();
    renderHeading(out, report);
    new KeyFigures(history, report.evaluations(), finished).render(out);
    renderNotes(out, report.notes());
    renderSummary(out, report.summary());
    renderTraining(out, report, history);
    ExecutorHistory.render(out, report.executors());
    if (finished != null) {
      renderEvaluation(out, finished);
    }
    renderConfiguration(out, report.configurationJson());
  }

  /** Other commands than {@code train} have no steps to miss. */
  private static void renderTraining(Markup out, RunReport report, StepHistory history) {
    boolean isThere = !history.isEmpty() || !report.evaluations().isEmpty();
    if (isThere || TRAIN.equals(report.command())) {
      out.element("h2", "Training");
    }
    if (isThere) {
      int classes = KeyFigures.classes(report.finalEvaluation());
      new TrainingCharts(history, report.evaluations(), classes).render(out);
    } else if (TRAIN.equals(report.command())) {
      out.element("p", "No training steps were recorded.", "class", "card quiet");
    }
  }

  private static void renderHeading(Markup out, RunReport report) {
    String status = report.status() == null ? "unknown" : report.status();
    String look = status.equals("succeeded") ? "good" : status.equals("failed") ? "bad" : "other";
    out.open("header");
    out.open("div", "class", "over").text("Bellows · " + report.command()).close();
    out.open("h1").text(report.title() + " ");
    out.element("span", status, "class", "badge " + look).close();
    out.close();
  }

  private static void renderNotes(Markup out, List<String> notes) {
    if (notes.isEmpty()) {
      return;
    }
    out.open("section", "class", "card notes").element("h3", "Notes").open("ul");
    notes.forEach(note -> out.element("li", note));
    out.close().close();
  }

  private static void renderSummary(Markup out, Map<String, String> summary) {
    if (summary.isEmpty()) {
      return;
    }
    out.open("section", "class", "card").open("dl");
    summary.forEach(
        (label, value) -> {
          // Text that cannot be broken, hashes above all, takes a whole row.
          boolean isLong = value != null && value.length() > 44 && !value.contains(" ");
          out.open("div", "class", isLong ? "long" : null);
          out.element("dt", label).element("dd", value).close();
        });
    out.close().close();
  }

  private static void renderEvaluation(Markup out, Evaluation finished) {
    out.open("h2").text("Evaluation ");
    out.element(
        "small",
        "on split " + finished.split() + ", " + NumberText.count(finished.samples()) + " samples");
    out.close();
    if (finished.notFinite() > 0) {
      out.element(
          "p",
          NumberText.count(finished.notFinite())
              + " of "
              + NumberText.count(finished.samples())
              + " answers are not finite (NaN or infinite). They count as mistakes, and the loss is"
              + " not finite either.",
          "class",
          "card notes");
    }
    ConfusionTable confusion = new ConfusionTable(finished);
    if (finished.labels() != null) {
      new LabelSection(finished).render(out);
    } else if (finished.pixels() != null) {
      new PixelSection(finished, confusion).render(out);
    } else if (confusion.size() > 0) {
      new ConfusionSection(confusion).render(out);
    }
    if (finished.calibration() != null) {
      new CalibrationSection(finished.calibration()).render(out);
    }
    if (!finished.mistakes().isEmpty()) {
      new MistakesSection(finished.mistakes(), confusion).render(out);
    }
  }

  private static void renderConfiguration(Markup out, String configurationJson) {
    out.element("h2", "Configuration");
    out.open("details", "class", "card");
    out.element("summary", "The effective configuration, as JSON");
    out.element("pre", configurationJson).close();
  }
}
