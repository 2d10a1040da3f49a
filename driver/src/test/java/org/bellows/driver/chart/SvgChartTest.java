// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.chart;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SvgChartTest {
  private static final double NAN = Double.NaN;

  @Test
  void titlesTicksAndLegend() {
    String svg = chart(new double[] {1, 2, 4}).render();
    assertThat(svg).contains(">step (updates)<", ">loss (nats)<", ">curve<", "class=\"grid\"");
  }

  @Test
  void aGapInterruptsTheLine() {
    assertThat(path(new double[] {1, 2, NAN, 2, 1})).matches("M[^M]*L[^M]*M[^M]*L[^M]*");
    assertThat(path(new double[] {1, 2, Double.POSITIVE_INFINITY, 2, 1})).contains("M", "L");
  }

  @Test
  void aValueBetweenGapsIsADot() {
    assertThat(path(new double[] {1, NAN, 2, NAN, 1}))
        .containsPattern("M[^ML]*h0M[^ML]*h0M[^ML]*h0");
  }

  @Test
  void onePointIsACircle() {
    assertThat(chart(new double[] {3}).render()).contains("<circle").doesNotContain("NaN");
    assertThat(chart(new double[] {NAN, 3}).render()).contains("<circle");
  }

  @Test
  void withoutFiniteValuesThereIsNoData() {
    assertThat(chart(new double[0]).render()).contains(">no data<");
    assertThat(chart(new double[] {NAN, NAN}).render()).contains(">no data<");
    assertThat(chart(new double[] {0, -1}).logarithmic(true).render()).contains(">no data<");
  }

  @Test
  void aConstantIsALevelLine() {
    assertThat(path(new double[] {5, 5})).matches("M\\S+ (\\S+)L\\S+ \\1");
  }

  @Test
  void hugeValuesStayNearTheDrawing() {
    String svg = chart(new double[] {-Double.MAX_VALUE, 0, Double.MAX_VALUE}).ceiling(10).render();
    assertThat(svg).doesNotContain("NaN", "Infinity").doesNotContainPattern("\\d{6}\\.?\\d* ");
  }

  @Test
  void anAreaIsClosedAtEachGap() {
    double[] x = {0, 1, 2, 3, 4};
    double[] low = {0, 0, NAN, 0, 0};
    double[] high = {1, 1, 1, 1, 1};
    String svg =
        new SvgChart("area", "area").add(new ChartLayer.Area("a", x, low, high, "first")).render();
    assertThat(svg).containsPattern("class=\"area first\" d=\"M[^MZ]*ZM[^MZ]*Z\"");
  }

  @Test
  void aLongLegendTakesMoreRows() {
    SvgChart chart = new SvgChart("rows", "rows");
    for (int i = 0; i < 8; i++) {
      Series series =
          new Series("a rather long name " + i, new double[] {0, 1}, new double[] {0, i});
      chart.add(new ChartLayer.Line(series, "first"));
    }
    assertThat(chart.render()).contains("y=\"12\"", "y=\"30\"", "y=\"48\"");
  }

  private static SvgChart chart(double[] y) {
    double[] x = new double[y.length];
    for (int i = 0; i < x.length; i++) {
      x[i] = i;
    }
    return new SvgChart("test", "a test")
        .axes("step (updates)", "loss (nats)")
        .add(new ChartLayer.Line(new Series("curve", x, y), "first"));
  }

  /** Path data of the curve; the first path is the key of the legend. */
  private static String path(double[] y) {
    String svg = chart(y).render();
    int from = svg.lastIndexOf(" d=\"") + 4;
    return svg.substring(from, svg.indexOf('"', from));
  }
}
