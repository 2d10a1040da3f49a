// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.watch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ui.SparkUI;
import org.apache.spark.ui.SparkUITab;

/**
 * The live page as a tab of Spark's own pages, protected by their filters ({@code
 * spark.ui.filters}) and access lists: there while the run lasts.
 */
public final class LiveTab implements AutoCloseable {
  private static final String NAME = "bellows";
  private static final String PATH = "/" + NAME;

  private final SparkUI ui;
  private final Tab tab;

  /** A name in the header of Spark's pages; the page itself is served by the servlet. */
  private static final class Tab extends SparkUITab {
    Tab(SparkUI ui) {
      super(ui, NAME);
    }
  }

  /** Draws the page for each request. */
  private static final class PageServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private final transient LiveRun run;

    PageServlet(LiveRun run) {
      this.run = run;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      byte[] page = LivePage.render(run).getBytes(StandardCharsets.UTF_8);
      response.setContentType("text/html;charset=utf-8");
      response.setHeader("Cache-Control", "no-cache, no-store, must-revalidate");
      response.setHeader("X-Content-Type-Options", "nosniff");
      response.setHeader(
          "Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'");
      response.setContentLength(page.length);
      response.getOutputStream().write(page);
    }
  }

  private LiveTab(SparkUI ui, LiveRun run) {
    this.ui = ui;
    this.tab = new Tab(ui);
    ui.attachTab(tab);
    ui.attachHandler(PATH, new PageServlet(run), "/");
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
