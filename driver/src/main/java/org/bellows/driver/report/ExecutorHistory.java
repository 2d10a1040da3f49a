// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.report;

import java.util.List;
import java.util.stream.Collectors;
import org.bellows.driver.chart.Markup;
import org.bellows.driver.chart.NumberText;

/** Who was there when, as a table: a row for each change of a run's executors. */
public final class ExecutorHistory {
  private ExecutorHistory() {}

  /** Nothing where the executors have not changed since the run's first start. */
  public static void render(Markup out, List<ExecutorChange> changes) {
    if (changes.size() < 2) {
      return;
    }
    double seconds = changes.stream().skip(1).mapToDouble(ExecutorChange::seconds).sum();
    out.open("h2").text("Executors ");
    out.element(
        "small",
        "%s changes, %s s without a step"
            .formatted(NumberText.count(changes.size() - 1), NumberText.decimal(seconds)));
    out.close();
    out.open("section", "class", "card scroll").open("table", "class", "words").open("tr");
    for (String title : List.of("from step", "UTC", "executors", "seconds", "why", "who")) {
      out.element("th", title);
    }
    out.close();
    changes.forEach(change -> renderRow(out, change));
    out.close().close();
  }

  private static void renderRow(Markup out, ExecutorChange change) {
    out.open("tr");
    out.element("td", NumberText.count(change.step()));
    out.element("td", change.time().replace('T', ' ').replace("Z", ""));
    out.element("td", NumberText.count(change.executors()));
    out.element("td", NumberText.decimal(change.seconds()));
    out.element("td", causes(change), "class", "wrap");
    out.element("td", change.places(), "class", "who");
    out.close();
  }

  private static String causes(ExecutorChange change) {
    return change.causes().stream()
        .map(
            cause ->
                cause.words().isEmpty()
                    ? cause.kind().word()
                    : cause.kind().word() + ": " + cause.words())
        .collect(Collectors.joining("; then "));
  }
}
