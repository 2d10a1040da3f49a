// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.watch;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ui.SparkUI;
import org.apache.spark.ui.SparkUITab;
import org.bellows.driver.line.SparkLine;

/**
 * The live page as a tab of Spark's own pages, protected by their filters ({@code
 * spark.ui.filters}) and access lists: there while the run lasts.
 */
public final class LiveTab implements AutoCloseable {
  private static final String NAME = "bellows";
  private static final String PATH = "/" + NAME;
  private static final Map<String, String> HEADERS =
      Map.of(
          "Content-Type",
          "text/html;charset=utf-8",
          "Cache-Control",
          "no-cache, no-store, must-revalidate",
          "X-Content-Type-Options",
          "nosniff",
          "Content-Security-Policy",
          "default-src 'none'; style-src 'unsafe-inline'");

  private final SparkUI ui;
  private final Tab tab;

  /** A name in the header of Spark's pages; the page itself is attached beside it. */
  private static final class Tab extends SparkUITab {
    Tab(SparkUI ui) {
      super(ui, NAME);
    }
  }

  private LiveTab(SparkUI ui, LiveRun run) {
    this.ui = ui;
    this.tab = new Tab(ui);
    ui.attachTab(tab);
    SparkLine.current()
        .attachPage(ui, PATH, HEADERS, () -> LivePage.render(run).getBytes(StandardCharsets.UTF_8));
  }

  /**
   * @return nothing where Spark has no pages ({@code spark.ui.enabled})
   */
  public static Optional<LiveTab> open(JavaSparkContext spark, LiveRun run) {
    return spark.sc().ui().isDefined()
        ? Optional.of(new LiveTab(spark.sc().ui().get(), run))
        : Optional.empty();
  }

  /** Where a browser finds it, unless there is a proxy in between. */
  public String address() {
    return ui.webUrl() + PATH + "/";
  }

  @Override
  public void close() {
    ui.detachHandler(PATH);
    ui.detachTab(tab);
  }
}
