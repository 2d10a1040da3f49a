// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.data;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.bellows.data.manifest.LabelPixels;
import org.bellows.data.manifest.PixelClass;
import org.bellows.data.statistics.PixelFrequencies;
import org.bellows.data.statistics.SplitStatistics;
import org.bellows.driver.chart.Markup;
import org.bellows.driver.chart.NumberText;
import org.bellows.driver.chart.TableCells;

/** The classes of pixels on a dataset's page: their shares, and the weights that follow. */
final class PixelClassesSection {
  private final List<PixelClass> classes;
  private final List<SplitStatistics> splits;

  /**
   * @param splits that have label maps
   */
  PixelClassesSection(List<PixelClass> classes, List<SplitStatistics> splits) {
    this.classes = classes;
    this.splits = splits;
  }

  void render(Markup out) {
    out.open("h2").text("Classes of pixels ");
    out.element("small", NumberText.count(classes.size())).close();
    out.open("div", "class", "charts");
    splits.forEach(split -> render(out, split));
    out.close();
  }

  private void render(Markup out, SplitStatistics split) {
    List<LabelPixels> labels = split.masks().labelPixels();
    PixelFrequencies frequencies = PixelFrequencies.of(labels, classes.size());
    boolean hasClass = frequencies.frequencies().stream().anyMatch(f -> f > 0);
    Rows rows = new Rows(labels, hasClass ? frequencies.medianFrequencyWeights() : List.of());
    out.open("figure").element("h3", split.split());
    out.open("div", "class", "scroll").open("table", "class", "list");
    out.open("thead").open("tr").element("th", "class", "scope", "col");
    for (String title : List.of("share of pixels", "images", "weight")) {
      out.element("th", title, "scope", "col", "class", "number");
    }
    out.close().close().open("tbody");
    for (int label = 0; label < classes.size(); label++) {
      rows.render(out, label, classes.get(label).name(), classes.get(label).rgb());
    }
    rows.render(out, PixelClass.VOID, "void", PixelClass.vocColour(PixelClass.VOID));
    out.close().close().close();
    out.element(
        "figcaption",
        "%s of %s images have a label map. Images: those that have the class. Weight: of median-frequency balancing."
            .formatted(
                NumberText.count(split.masks().samples()), NumberText.count(split.samples())));
    out.close();
  }

  /** The rows of a split. */
  private static final class Rows {
    private final Map<Integer, LabelPixels> byLabel;
    private final List<Double> weights;
    private final double all;
    private final double most;

    Rows(List<LabelPixels> labels, List<Double> weights) {
      this.byLabel =
          labels.stream().collect(Collectors.toMap(LabelPixels::label, Function.identity()));
      this.weights = weights;
      this.all = labels.stream().mapToLong(LabelPixels::pixels).sum();
      this.most = labels.stream().mapToLong(LabelPixels::pixels).max().orElse(1);
    }

    void render(Markup out, int label, String name, int rgb) {
      LabelPixels count = byLabel.get(label);
      long pixels = count == null ? 0 : count.pixels();
      out.open("tr");
      TableCells.swatch(out, name, rgb);
      TableCells.bar(out, pixels / most, NumberText.percent(pixels / all, 2), rgb);
      out.element("td", NumberText.count(count == null ? 0 : count.pictures()), "class", "number");
      boolean hasWeight = label < weights.size() && pixels > 0;
      String weight =
          hasWeight ? String.format(Locale.ROOT, "%.4f", weights.get(label)) : NumberText.NONE;
      out.element("td", weight, "class", "number");
      out.close();
    }
  }
}
