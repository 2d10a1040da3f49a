// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.retrain;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.bellows.driver.chart.HtmlPage;
import org.bellows.driver.chart.Markup;
import org.bellows.driver.chart.NumberText;
import org.bellows.driver.progress.EvaluationText;
import org.bellows.driver.registry.RegisteredModel;
import org.bellows.driver.registry.Score;
import org.bellows.worker.evaluate.metric.Metric;
import org.bellows.worker.evaluate.metric.Metrics;

/** A decision, and those before it, as one page that needs nothing beside itself. */
final class DecisionPage {
  private DecisionPage() {}

  /**
   * @param earlier the oldest first
   * @return the whole page, to be written as UTF-8
   */
  static String render(RegisteredModel model, Decision decision, List<Decision> earlier) {
    return HtmlPage.render(
        model.name() + ", decision " + decision.decision(),
        out -> {
          out.open("header").element("div", "Bellows · retrain", "class", "over");
          out.element("h1", model.name() + ": " + decision.outcome().word());
          out.element("p", decision.why()).close();
          out.open("section", "class", "card").open("dl");
          facts(model, decision)
              .forEach(
                  (label, value) ->
                      out.open("div").element("dt", label).element("dd", value).close());
          out.close().close();
          out.element("h2", "Old and new, on the same images");
          scores(out, decision);
          out.element("h2", "All decisions");
          List<Decision> all = new ArrayList<>(earlier);
          all.add(decision);
          history(out, all);
        });
  }

  private static Map<String, String> facts(RegisteredModel model, Decision decision) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("model", model.folder().toString());
    facts.put("decision", Integer.toString(decision.decision()));
    facts.put("decided at", decision.decidedAt());
    facts.put("dataset SHA-256", decision.datasetSha256());
    facts.put("new data", decision.data() == null ? NumberText.NONE : decision.data().text());
    facts.put(
        "started from",
        decision.startedFrom() == null ? "the seed" : "version " + decision.startedFrom());
    return facts;
  }

  private static void scores(Markup out, Decision decision) {
    out.open("section", "class", "card").open("table");
    List<Metric> metrics =
        Metrics.inAny(
            Stream.of(decision.baselineScore(), decision.score())
                .filter(Objects::nonNull)
                .map(Score::metrics)
                .toList());
    List<String> titles = new ArrayList<>(List.of("version", "split", "images"));
    metrics.forEach(metric -> titles.add(metric.title()));
    row(out, "th", titles);
    row(out, "td", cells(decision.baseline(), decision.baselineScore(), metrics));
    row(out, "td", cells(decision.version(), decision.score(), metrics));
    out.close().close();
  }

  private static List<String> cells(Integer version, Score score, List<Metric> metrics) {
    List<String> cells = new ArrayList<>();
    cells.add(number(version));
    cells.add(score == null ? NumberText.NONE : score.split());
    cells.add(score == null ? NumberText.NONE : Long.toString(score.samples()));
    for (Metric metric : metrics) {
      boolean isThere = score != null && score.metrics().has(metric);
      cells.add(isThere ? EvaluationText.decimals(score.value(metric)) : NumberText.NONE);
    }
    return cells;
  }

  private static void history(Markup out, List<Decision> decisions) {
    out.open("section", "class", "card scroll").open("table", "class", "words");
    row(out, "th", List.of("decision", "decided at", "outcome", "version", "before", "why"));
    for (Decision decision : decisions) {
      row(
          out,
          "td",
          List.of(
              Integer.toString(decision.decision()),
              decision.decidedAt(),
              decision.outcome().word(),
              number(decision.version()),
              number(decision.baseline()),
              decision.why()));
    }
    out.close().close();
  }

  private static void row(Markup out, String tag, List<String> cells) {
    out.open("tr");
    for (String cell : cells) {
      out.element(tag, cell);
    }
    out.close();
  }

  private static String number(Integer version) {
    return version == null ? NumberText.NONE : version.toString();
  }
}
