// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import org.bellows.driver.chart.Markup;
import org.bellows.worker.evaluate.Evaluation;
import org.bellows.worker.evaluate.metric.ConfusionCounts;
import org.bellows.worker.metrics.StepMetrics;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class HtmlReportTest {
  @Test
  void showsEveryPartOfARun() throws Exception {
    String page = HtmlReport.render(SampleReports.clothes());
    Document document = parse(page);
    assertThat(document.getElementsByTagName("svg").getLength()).isEqualTo(6);
    assertThat(document.getElementsByTagName("img").getLength()).isEqualTo(24);
    assertThat(document.getElementsByTagName("h3").item(0).getTextContent()).isEqualTo("Notes");
    assertThat(page)
        .contains("T-shirt/top", "warmup ends, step 149", "resumed from checkpoint step-1410")
        .contains("of 9,985 answers", "Expected calibration error: 5.2\u00a0%")
        .contains("mean over 57 steps", "compute 80\u00a0%", "The first 24 of 60.");
  }

  @Test
  void countsStepsOnceAfterAResume() {
    String page = HtmlReport.render(SampleReports.clothes());
    assertThat(page).contains(">721,920 images<").contains(">2,820<").contains(">resumed<");
  }

  @Test
  void namesFromTheDataStayText() throws Exception {
    String hostile = "<script>alert('x')</script>\" onload=\"y & \u0000\uD800";
    Evaluation evaluation =
        MetricFixtures.evaluation(
            hostile,
            2,
            0.5,
            0.5,
            1,
            List.of(hostile, "]]>"),
            ConfusionCounts.of(new long[][] {{1, 1}, {0, 0}}),
            List.of(new Evaluation.Mistake(0, hostile, 0, 1, 0.9, 2.3, new byte[] {1, 2})));
    RunReport report =
        new RunReport(
            hostile,
            hostile,
            hostile,
            Map.of(hostile, hostile),
            List.of(),
            List.of(),
            evaluation,
            hostile,
            List.of(hostile));
    String page = HtmlReport.render(report);
    Document document = parse(page);
    assertThat(document.getElementsByTagName("script").getLength()).isZero();
    NodeList all = document.getElementsByTagName("*");
    for (int i = 0; i < all.getLength(); i++) {
      assertThat(((Element) all.item(i)).hasAttribute("onload")).isFalse();
    }
    assertThat(document.getElementsByTagName("pre").item(0).getTextContent())
        .isEqualTo("<script>alert('x')</script>\" onload=\"y & \\u0000\\ud800");
    assertThat(page).contains("no picture");
  }

  @Test
  void aReportOfNothingIsStillAPage() throws Exception {
    String page = HtmlReport.render(SampleReports.empty());
    assertThat(parse(page).getElementsByTagName("svg").getLength()).isZero();
    assertThat(page)
        .contains("No training steps were recorded.")
        .doesNotContain(">–<", "class=\"tiles\"");
  }

  /** An evaluation alone has no steps, and of two classes both are among the first five. */
  @Test
  void whatACommandHasNotIsLeftOut() throws Exception {
    Evaluation evaluation = SampleReports.evaluation("test", List.of("cat", "dog"), 50, 2);
    String page =
        HtmlReport.render(
            new RunReport(
                "one",
                "evaluate",
                "succeeded",
                Map.of("finished", "2026-11-29 12:39:09 UTC"),
                List.of(),
                List.of(),
                evaluation,
                "{}",
                List.of()));
    parse(page);
    assertThat(page)
        .contains("top-1 accuracy", ">split test<", ">evaluated, split test<", "2026-11-29")
        .doesNotContain("top-5", ">–<", ">steps<", ">epochs<", "images / s", "Training");
  }

  @Test
  void stepsWithoutEvaluationsLeaveTheAccuracyEmpty() throws Exception {
    List<StepMetrics> one = SampleReports.steps(0, 1, 1, 1);
    String page =
        HtmlReport.render(
            new RunReport("one", "train", "failed", Map.of(), one, List.of(), null, "", List.of()));
    assertThat(parse(page).getElementsByTagName("svg").getLength()).isEqualTo(5);
    assertThat(page).containsOnlyOnce(">no data<").doesNotContain("NaN", "Infinity");
  }

  @Test
  void aDivergedRunIsShownWithItsGap() throws Exception {
    String page = HtmlReport.render(SampleReports.failed());
    parse(page);
    assertThat(page).contains("In 20 steps the loss was not finite: gaps.", ">1e12<", "badge bad");
    assertThat(page.replace("Step 180: loss is NaN.", "")).doesNotContain("NaN", "Infinity");
  }

  @Test
  void needsNothingFromOutside() {
    for (RunReport report : List.of(SampleReports.clothes(), SampleReports.failed())) {
      String page =
          HtmlReport.render(report)
              .replace("xmlns=\"http://www.w3.org/1999/xhtml\"", "")
              .replace("xmlns=\"http://www.w3.org/2000/svg\"", "");
      assertThat(page).doesNotContain("http", "@import", "<script", "<link");
      assertThat(page.replace("url(#", "")).doesNotContain("url(");
    }
  }

  @Test
  void aBigRunStaysSmall() throws Exception {
    String page = HtmlReport.render(SampleReports.large(1000, 500_000));
    assertThat(page.getBytes(StandardCharsets.UTF_8).length).isLessThan(3_000_000);
    parse(page);
    assertThat(page)
        .contains("Most confused pairs", ">500k<", "Classes by their recall", "All 1,000 classes")
        .doesNotContain("Confusion matrix");
  }

  @Test
  void answersThatAreNotFiniteAreCountedInWords() throws Exception {
    Evaluation broken =
        MetricFixtures.evaluation(
            "test",
            4,
            Double.NaN,
            0.5,
            0.5,
            List.of("cat", "dog"),
            ConfusionCounts.of(new long[][] {{2, 0, 1}, {0, 0, 1}}),
            List.of(
                new Evaluation.Mistake(3, "a.png", 1, 2, Double.NaN, Double.NaN, new byte[] {1})));
    List<EpochEvaluation> epochs =
        List.of(
            MetricFixtures.epoch(1, 10, 0.5, 0.4, 1, 0),
            MetricFixtures.epoch(2, 20, Double.NaN, 0.5, 0.5, 2));
    String page =
        HtmlReport.render(
            new RunReport(
                "broken",
                "train",
                "succeeded",
                Map.of(),
                List.of(),
                epochs,
                broken,
                "",
                List.of()));
    parse(page);
    assertThat(page)
        .contains("2 of 4 answers are not finite (NaN or infinite). They count as mistakes")
        .contains("2 answers are not finite</div>")
        .contains("best 40.00\u00a0%, epoch 1")
        .contains("cat taken for not finite: 1")
        .contains("<b class=\"said\">not finite</b>")
        .doesNotContain("NaN %", "NaN nats", ">NaN");
  }

  @Test
  void largePicturesAreLeftOutBeyondTheLimit() {
    byte[] png = new byte[600_000];
    System.arraycopy(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 26, '\n'}, 0, png, 0, 8);
    Evaluation.Mistake mistake = new Evaluation.Mistake(0, "a.png", 0, 1, 0.9, 2.3, png);
    Evaluation evaluation =
        MetricFixtures.evaluation(
            "test",
            3,
            1,
            0,
            0,
            List.of(),
            ConfusionCounts.of(new long[][] {{0, 3}, {0, 0}}),
            List.of(mistake, mistake, mistake));
    String page =
        HtmlReport.render(
            new RunReport(
                "t",
                "evaluate",
                "succeeded",
                Map.of(),
                List.of(),
                List.of(),
                evaluation,
                "",
                List.of()));
    assertThat(page.length()).isLessThan(3_000_000);
    assertThat(page).containsOnlyOnce("data:image/png").contains("no picture", "class 1");
  }

  @Test
  void equalReportsGiveEqualPagesInEveryLocale() {
    String page = HtmlReport.render(SampleReports.clothes());
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
      assertThat(HtmlReport.render(SampleReports.clothes())).isEqualTo(page);
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void identifiersAreUnique() throws Exception {
    NodeList all =
        parse(HtmlReport.render(SampleReports.clothes())).getElementsByTagName("clipPath");
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < all.getLength(); i++) {
      assertThat(seen.add(((Element) all.item(i)).getAttribute("id"))).isTrue();
    }
    assertThat(seen).hasSize(5);
  }

  @Test
  void markupMustBeClosed() {
    assertThatThrownBy(() -> new Markup().open("p").toString())
        .hasMessage("elements still open: [p]");
  }

  private static Document parse(String page) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(page.getBytes(StandardCharsets.UTF_8)));
  }
}
