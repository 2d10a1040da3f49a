// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.study;

import java.util.List;
import org.bellows.conf.text.Words;
import org.bellows.driver.chart.ChartLayer;
import org.bellows.driver.chart.HtmlPage;
import org.bellows.driver.chart.Markup;
import org.bellows.driver.chart.NumberText;
import org.bellows.driver.chart.Series;
import org.bellows.driver.chart.SvgChart;

/** A study as one page that needs nothing beside itself. */
public final class StudyPage {
  private static final List<String> LOOKS = List.of("first", "second", "third", "fourth");

  private final StudyResult result;

  private StudyPage(StudyResult result) {
    this.result = result;
  }

  /** The whole page, to be written as UTF-8. */
  public static String render(StudyResult result) {
    return HtmlPage.render(result.study().name(), new StudyPage(result)::body);
  }

  private void body(Markup out) {
    out.open("header").element("div", "Bellows · benchmark recipe", "class", "over");
    out.element("h1", result.study().question()).close();
    out.open("section", "class", "card scroll");
    table(out);
    out.element(
        "p",
        "Mean ± standard deviation over the seeds %s; %s and loss on the split \"%s\", on %s."
            .formatted(
                Words.and(result.study().seeds()),
                result.headline().heading(),
                result.split(),
                result.machine()),
        "class",
        "caption");
    out.close();
    out.open("section", "class", "charts");
    List<String> groups = result.study().groups();
    for (int i = 0; i < groups.size(); i++) {
      out.open("figure").element("h3", heading() + ": " + groups.get(i));
      out.raw(chart("group-" + i, groups.get(i)).render());
      out.element("figcaption", "Mean over the seeds, after each evaluated epoch.").close();
    }
    out.close();
  }

  private void table(Markup out) {
    out.open("table").open("tr");
    result.columns().forEach(column -> out.element("th", column));
    out.close();
    for (List<String> row : result.rows()) {
      out.open("tr");
      row.forEach(cell -> out.element("td", cell));
      out.close();
    }
    out.close();
  }

  /** The group's arms; the first arm of all, where it is not one of them, in grey. */
  private SvgChart chart(String id, String group) {
    SvgChart chart =
        new SvgChart(id, heading() + " by epoch: " + group).axes("epoch", result.headlineTitle());
    ArmResult baseline = result.arms().get(0);
    if (!baseline.arm().group().equals(group)) {
      add(chart, baseline, "grey");
    }
    int next = 0;
    for (ArmResult arm : result.arms()) {
      if (arm.arm().group().equals(group)) {
        add(chart, arm, LOOKS.get(next++));
      }
    }
    return chart;
  }

  /** Such as "Top-1 accuracy". */
  private String heading() {
    return NumberText.capitalised(result.headline().heading());
  }

  private void add(SvgChart chart, ArmResult arm, String look) {
    Series curve = arm.curve(result.headline());
    String[] labels = new String[curve.size()];
    for (int i = 0; i < labels.length; i++) {
      labels[i] =
          "%s, epoch %d: %s"
              .formatted(curve.name(), Math.round(curve.x()[i]), NumberText.decimal(curve.y()[i]));
    }
    chart.add(new ChartLayer.Line(new Series("", curve.x(), curve.y()), look));
    chart.add(new ChartLayer.Points(curve, labels, look));
  }
}
