// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.data;

import java.util.ArrayList;
import java.util.List;
import org.bellows.data.statistics.SplitStatistics;
import org.bellows.data.statistics.ValueHistogram;
import org.bellows.driver.chart.Markup;
import org.bellows.driver.chart.NumberText;
import org.bellows.driver.chart.SvgBars;
import org.bellows.driver.chart.SvgBars.Bar;

/** The classes on a dataset's page: a bar each, or of many how large they are and all in a list. */
final class ClassesSection {
  private static final int BARS = 24;
  private static final int MOST_ROWS = 2000;

  private final ClassCounts classes;
  private final List<SplitStatistics> splits;

  ClassesSection(ClassCounts classes, List<SplitStatistics> splits) {
    this.classes = classes;
    this.splits = splits;
  }

  void render(Markup out) {
    out.open("h2").text("Classes ");
    out.element("small", NumberText.count(classes.all().size())).close();
    out.open("div", "class", "charts");
    for (int split = 0; split < splits.size(); split++) {
      out.open("figure").element("h3", splits.get(split).split());
      out.raw(classes.areMany() ? histogram(split) : bars(split));
      out.close();
    }
    if (classes.areMany()) {
      renderEnds(out);
      out.close();
      renderAll(out);
    } else {
      out.close();
    }
  }

  private String bars(int split) {
    List<Bar> bars = new ArrayList<>();
    for (ClassCounts.Row row : classes.all()) {
      long count = row.ofSplits().get(split);
      bars.add(new Bar(shortened(row.name()), row.name() + ": " + NumberText.count(count), count));
    }
    return SvgBars.render("Images a class", "class", "images", bars);
  }

  private String histogram(int split) {
    ValueHistogram sizes =
        ValueHistogram.of(classes.all().stream().map(row -> row.ofSplits().get(split)).toList());
    List<Bar> bars = new ArrayList<>();
    for (ValueHistogram.Bin bin : sizes.bins(BARS)) {
      String from = NumberText.count((long) bin.from());
      String to = NumberText.count((long) bin.to() - 1);
      String range = from.equals(to) ? from : from + " to " + to;
      String detail = "%s images: %s classes".formatted(range, NumberText.count(bin.count()));
      bars.add(new Bar(from, detail, bin.count()));
    }
    return SvgBars.render("Classes by their images", "images of a class", "classes", bars);
  }

  private void renderEnds(Markup out) {
    out.open("figure").element("h3", "Largest classes");
    renderTable(out, classes.largest());
    out.close().open("figure").element("h3", "Smallest classes");
    renderTable(out, classes.smallest());
    out.close();
  }

  private void renderAll(Markup out) {
    int shown = Math.min(MOST_ROWS, classes.all().size());
    String title = shown < classes.all().size() ? "The first " : "All ";
    out.open("details", "class", "card");
    out.element("summary", title + NumberText.count(shown) + " classes");
    renderTable(out, classes.all().subList(0, shown));
    out.close();
  }

  private void renderTable(Markup out, List<ClassCounts.Row> rows) {
    out.open("div", "class", "scroll").open("table", "class", "list");
    out.open("thead").open("tr").element("th", "class", "scope", "col");
    splits.forEach(split -> out.element("th", split.split(), "scope", "col", "class", "number"));
    out.close().close().open("tbody");
    for (ClassCounts.Row row : rows) {
      out.open("tr").element("td", row.name(), "class", "name");
      row.ofSplits()
          .forEach(count -> out.element("td", NumberText.count(count), "class", "number"));
      out.close();
    }
    out.close().close().close();
  }

  private static String shortened(String name) {
    return name.length() <= 9 ? name : name.substring(0, 8) + "…";
  }
}
