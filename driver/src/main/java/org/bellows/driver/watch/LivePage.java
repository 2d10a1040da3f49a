// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.watch;

import java.util.List;
import java.util.Optional;
import org.bellows.driver.chart.HtmlPage;
import org.bellows.driver.chart.Markup;
import org.bellows.driver.chart.NumberText;
import org.bellows.driver.progress.ProgressLine;
import org.bellows.driver.progress.RunningAverages;
import org.bellows.driver.report.EpochEvaluation;
import org.bellows.driver.report.ExecutorHistory;
import org.bellows.driver.report.TrainingCharts;
import org.bellows.worker.evaluate.metric.Metric;
import org.bellows.worker.metrics.StepMetrics;

/** The current run as one page that reloads itself; no script, no external resource. */
final class LivePage {
  private static final int REFRESH_SECONDS = 5;

  private final RunFacts facts;
  private final RunState state;
  private final List<StepMetrics> steps;
  private final long stride;

  private LivePage(LiveRun run) {
    this.facts = run.facts();
    this.state = run.state();
    this.steps = run.steps();
    this.stride = run.stride();
  }

  static String render(LiveRun run) {
    LivePage page = new LivePage(run);
    return HtmlPage.render("Training " + page.facts.network(), REFRESH_SECONDS, page::renderBody);
  }

  private void renderBody(Markup out) {
    renderHeading(out);
    renderTiles(out);
    renderNotes(out);
    renderSummary(out);
    out.element("h2", "Training");
    if (steps.isEmpty() && state.evaluations().isEmpty()) {
      out.element("p", "No step is done yet.", "class", "card quiet");
    } else {
      TrainingCharts.render(out, steps, state.evaluations(), facts.metrics());
      if (stride > 1) {
        String text = "Drawn from one step of " + NumberText.count(stride) + ".";
        out.element("p", text, "class", "caption");
      }
    }
    new ExecutorTables(state).render(out);
    ExecutorHistory.render(out, state.changes());
  }

  private void renderHeading(Markup out) {
    out.open("header");
    out.open("div", "class", "over").text("Bellows · train · ");
    // Relative, as a proxy may stand before Spark's pages.
    out.element("a", "Spark's own pages", "href", "../jobs/").close();
    out.open("h1").text("Training " + facts.network() + " ");
    String look = state.phase() == RunState.Phase.WAITING ? "bad" : "good";
    out.element("span", state.phase().words(), "class", "badge " + look).close();
    out.close();
  }

  private void renderTiles(Markup out) {
    RunState.Figures figures = state.figures();
    out.open("section", "class", "tiles");
    double done = (double) state.step() / facts.totalSteps();
    tile(
        out,
        "steps",
        NumberText.count(state.step()),
        "of " + NumberText.count(facts.totalSteps()) + ", " + NumberText.percent(done, 1));
    tile(out, "epoch", NumberText.count(state.epoch()), "of " + NumberText.count(facts.epochs()));
    tile(
        out,
        "training loss",
        NumberText.decimal(figures.loss()),
        "mean of the last %d steps, nats".formatted(RunningAverages.LOSS_STEPS));
    Optional<EpochEvaluation> newest = state.newestEvaluation();
    Metric headline = newest.map(e -> e.metrics().headline()).orElse(facts.metrics().get(0));
    tile(
        out,
        headline.heading(),
        NumberText.of(headline.unit(), newest.map(e -> e.value(headline)).orElse(Double.NaN)),
        newest.map(LivePage::detail).orElse("not evaluated yet"));
    tile(
        out,
        "images / s",
        NumberText.decimal(figures.imagesPerSecond()),
        "waits for data " + NumberText.percent(figures.dataWaitShare(), 0));
    boolean known = Double.isFinite(figures.secondsLeft());
    tile(
        out,
        "time left",
        known ? ProgressLine.clock(figures.secondsLeft()) : NumberText.NONE,
        "without evaluations");
    out.close();
  }

  private static String detail(EpochEvaluation evaluation) {
    String epoch = "after epoch " + evaluation.epoch();
    return evaluation.notFinite() == 0
        ? epoch
        : epoch + "; " + NumberText.count(evaluation.notFinite()) + " answers are not finite";
  }

  private static void tile(Markup out, String label, String value, String detail) {
    out.open("div", "class", "tile");
    out.element("div", label, "class", "label");
    out.element("div", value, "class", "value");
    out.element("div", detail, "class", "detail").close();
  }

  private void renderNotes(Markup out) {
    if (state.notes().isEmpty()) {
      return;
    }
    out.open("section", "class", "card notes").element("h3", "Notes").open("ul");
    state.notes().forEach(note -> out.element("li", note));
    out.close().close();
  }

  private void renderSummary(Markup out) {
    out.open("section", "class", "card").open("dl");
    fact(out, "executors", NumberText.count(state.executors()));
    fact(
        out,
        "lanes",
        "%d x %d = global batch %d"
            .formatted(facts.lanes(), facts.laneBatch(), facts.lanes() * facts.laneBatch()));
    fact(out, "attempt", NumberText.count(state.attempt()));
    fact(
        out,
        "failures",
        "%d (gives up after more than %d)".formatted(state.failures(), facts.maxFailures()));
    if (state.attempt() > 1) {
      fact(out, "between attempts", NumberText.decimal(state.pauseSeconds()) + " s without a step");
    }
    fact(out, "learning rate", NumberText.decimal(state.figures().learningRate()));
    fact(
        out,
        "collective",
        "%s of a step, hidden beside computing %s"
            .formatted(
                NumberText.percent(state.figures().collectiveShare(), 0),
                NumberText.percent(state.figures().hiddenShare(), 0)));
    fact(out, "data", facts.data());
    fact(out, "run's folder", facts.output());
    out.close().close();
  }

  private static void fact(Markup out, String label, String value) {
    out.open("div").element("dt", label).element("dd", value).close();
  }
}
