// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.data;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.data.shard.EncodedSample;
import org.bellows.data.statistics.Anomaly;
import org.bellows.data.statistics.MaskLabelHistogram;
import org.bellows.data.statistics.SplitStatistics;
import org.bellows.data.statistics.SplitStatistics.Odd;
import org.bellows.data.statistics.ValueHistogram;
import org.bellows.driver.chart.HtmlPage;
import org.bellows.driver.chart.Markup;
import org.bellows.driver.chart.NumberText;
import org.bellows.driver.chart.SvgBars;
import org.bellows.driver.chart.SvgBars.Bar;

/** A dataset's statistics as one page with histograms and the odd samples as pictures. */
public final class DatasetPage {
  private static final int BARS = 24;
  private static final double HUNDREDTHS = 100;

  private final DatasetManifest manifest;
  private final DatasetStatistics statistics;
  private final Map<Anomaly, byte[]> pictures;

  /**
   * @param pictures of odd samples as PNG files; those that are missing are shown without
   */
  public DatasetPage(
      DatasetManifest manifest, DatasetStatistics statistics, Map<Anomaly, byte[]> pictures) {
    this.manifest = manifest;
    this.statistics = statistics;
    this.pictures = pictures;
  }

  /**
   * @param title the dataset's path
   */
  public String render(String title) {
    return HtmlPage.render(
        title,
        out -> {
          out.open("header").element("div", "Bellows · data stats", "class", "over");
          out.element("h1", title).close();
          renderSplits(out);
          ClassCounts classes = new ClassCounts(manifest, statistics.splits());
          if (!manifest.classes().isEmpty()) {
            new ClassesSection(classes, statistics.splits()).render(out);
          }
          if (manifest.multiLabel()) {
            statistics
                .splits()
                .forEach(split -> out.element("p", DatasetText.listed(split), "class", "quiet"));
          }
          renderMasks(out);
          statistics.splits().forEach(split -> renderSizes(out, split));
          renderOdd(out);
        });
  }

  private void renderSplits(Markup out) {
    out.open("section", "class", "card").open("table");
    row(out, "th", "split", "images", "MB", "height", "width", "KB an image", "encoding");
    for (SplitStatistics split : statistics.splits()) {
      row(
          out,
          "td",
          split.split(),
          NumberText.count(split.samples()),
          NumberText.fixed(split.bytes().sum() / 1e6, 1),
          range(split.heights(), 1),
          range(split.widths(), 1),
          range(split.bytes(), 1e3),
          DatasetText.encodings(split));
    }
    out.close().element("p", "Smallest – median – largest.", "class", "caption").close();
  }

  private static String range(ValueHistogram tally, double unit) {
    return "%s – %s – %s"
        .formatted(
            number(tally.minimum() / unit),
            number(tally.quantile(0.5) / unit),
            number(tally.maximum() / unit));
  }

  /** Whole numbers as they are, others to three significant digits. */
  private static String number(double value) {
    return value == Math.rint(value)
        ? NumberText.count((long) value)
        : String.format(Locale.ROOT, value < 100 ? "%.3g" : "%.0f", value);
  }

  private void renderSizes(Markup out, SplitStatistics split) {
    out.element("h2", "Sizes in split " + split.split());
    out.open("div", "class", "charts");
    figure(out, "Height", histogram("height (pixels)", split.heights(), 1));
    figure(out, "Width", histogram("width (pixels)", split.widths(), 1));
    figure(out, "File size", histogram("encoded size (KB)", split.bytes(), 1e3));
    figure(out, "Shape", histogram("width / height", split.shapes(), HUNDREDTHS));
    out.close();
  }

  private void renderMasks(Markup out) {
    List<SplitStatistics> splits =
        statistics.splits().stream().filter(split -> split.masks().samples() > 0).toList();
    if (splits.isEmpty()) {
      return;
    }
    if (manifest.hasPixelClasses()) {
      new PixelClassesSection(manifest.pixelClasses(), splits).render(out);
    } else {
      renderLabels(out, splits);
    }
  }

  /** Label maps of a dataset that does not say what the labels mean. */
  private static void renderLabels(Markup out, List<SplitStatistics> splits) {
    out.element("h2", "Label maps");
    out.open("div", "class", "charts");
    for (SplitStatistics split : splits) {
      List<Bar> bars = new ArrayList<>();
      for (MaskLabelHistogram.Label label : split.masks().labels()) {
        String detail =
            "label %d: %s of the pixels, in %s samples"
                .formatted(
                    label.label(),
                    NumberText.percent(label.share(), 2),
                    NumberText.count(label.samples()));
        bars.add(new Bar(String.valueOf(label.label()), detail, label.share() * 100));
      }
      String title =
          "%s: %s of %s samples have one"
              .formatted(
                  split.split(),
                  NumberText.count(split.masks().samples()),
                  NumberText.count(split.samples()));
      figure(out, title, SvgBars.render("Share of labels", "label", "pixels (%)", bars));
    }
    out.close();
  }

  private static String histogram(String axis, ValueHistogram tally, double unit) {
    List<Bar> bars = new ArrayList<>();
    for (ValueHistogram.Bin bin : tally.bins(BARS)) {
      String from = number(bin.from() / unit);
      String detail =
          "%s to %s: %s".formatted(from, number(bin.to() / unit), NumberText.count(bin.count()));
      bars.add(new Bar(from, detail, bin.count()));
    }
    return SvgBars.render("Histogram of " + axis, axis, "images", bars);
  }

  private static void figure(Markup out, String title, String svg) {
    out.open("figure").element("h3", title).raw(svg).close();
  }

  private void renderOdd(Markup out) {
    out.element("h2", "Odd samples");
    if (statistics.odd().isEmpty()) {
      out.element("p", "None.", "class", "card quiet");
    }
    statistics.odd().forEach(odd -> renderOdd(out, odd));
  }

  private void renderOdd(Markup out, Odd odd) {
    String first = odd.shown().size() < odd.count() ? ", the first " + odd.shown().size() : "";
    out.open("section", "class", "card");
    out.element(
        "h3", "%s: %s%s".formatted(odd.kind().description(), NumberText.count(odd.count()), first));
    out.open("div", "class", "mistakes");
    for (Anomaly sample : odd.shown()) {
      out.open("div", "class", "mistake");
      byte[] png = pictures.get(sample);
      if (png == null) {
        out.element("div", "no picture", "class", "picture missing");
      } else {
        String data = "data:image/png;base64," + Base64.getEncoder().encodeToString(png);
        out.empty("img", "class", "picture", "src", data, "alt", sample.source());
      }
      out.open("div").element("b", className(sample.label())).close();
      out.element("div", DatasetText.measure(sample), "class", "quiet");
      out.element("div", sample.source(), "class", "quiet source", "title", sample.source());
      out.close();
    }
    out.close().close();
  }

  private String className(int label) {
    return label == EncodedSample.NO_LABEL ? "" : manifest.classes().get(label);
  }

  private static void row(Markup out, String tag, String... cells) {
    out.open("tr");
    for (String cell : cells) {
      out.element(tag, cell);
    }
    out.close();
  }
}
