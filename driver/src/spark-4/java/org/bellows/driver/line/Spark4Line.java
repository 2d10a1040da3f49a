// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.line;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.spark.SparkUserAppException;
import org.apache.spark.ui.SparkUI;

/** Servlets of {@code jakarta}, and an exit code that may have a cause. */
final class Spark4Line implements SparkLine {
  /** Asks for the page at each request. */
  private static final class PageServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private final transient Map<String, String> headers;
    private final transient Supplier<byte[]> body;

    PageServlet(Map<String, String> headers, Supplier<byte[]> body) {
      this.headers = headers;
      this.body = body;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      byte[] page = body.get();
      headers.forEach(response::setHeader);
      response.setContentLength(page.length);
      response.getOutputStream().write(page);
    }
  }

  @Override
  public void attachPage(
      SparkUI ui, String path, Map<String, String> headers, Supplier<byte[]> body) {
    ui.attachHandler(path, new PageServlet(headers, body), "/");
  }

  @Override
  public SparkUserAppException exit(int exitCode) {
    return new SparkUserAppException(exitCode, null);
  }
}
