// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.plan;

import org.bellows.driver.chart.HtmlPage;
import org.bellows.driver.report.LearningRateChart;

/** A forecast as one page that needs nothing beside itself. */
public final class PlanPage {
  private PlanPage() {}

  /** The whole page, to be written as UTF-8. */
  public static String render(TrainingForecast forecast, String configurationJson) {
    String name = forecast.facts().get("network");
    return HtmlPage.render(
        name,
        out -> {
          out.open("header").element("div", "Bellows · train --dry-run", "class", "over");
          out.element("h1", name).close();
          out.open("section", "class", "card").open("dl");
          forecast
              .facts()
              .forEach(
                  (label, value) ->
                      out.open("div").element("dt", label).element("dd", value).close());
          out.close().close();
          out.open("section", "class", "charts").open("figure", "class", "wide");
          out.element("h3", "Learning rate");
          String unit = forecast.countsSteps() ? "step" : "epoch";
          String axis = forecast.countsSteps() ? "step (updates)" : "epoch";
          out.raw(
              LearningRateChart.of(forecast.learningRate(), axis, unit).size(1100, 340).render());
          out.element("figcaption", "As it will be applied at each update.").close().close();
          out.element("h2", "Configuration").open("details", "class", "card");
          out.element("summary", "The effective configuration, as JSON");
          out.element("pre", configurationJson).close();
        });
  }
}
