// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.conf.check;

import java.net.URI;
import java.net.URISyntaxException;
import org.bellows.conf.Settings;

/** Where a run's curves are sent must be a server's address and nothing more. */
final class WatchValidator {
  private static final String URI_KEY = "watch.mlflow-uri";
  private static final String ALLOWED = "allowed: http://host:port or https://host:port, or empty";

  private final Problems problems;

  WatchValidator(Problems problems) {
    this.problems = problems;
  }

  void check(Settings.Watch watch) {
    if (watch.mlflowUri().isBlank()) {
      return;
    }
    if (watch.mlflowUri().contains("@")) {
      // It may be a token and is not repeated here, either. Passwords are refused everywhere.
      problems.add(
          URI_KEY,
          "holds a user name, which would be printed with the configuration; give a token by"
              + " watch.mlflow-token-file");
    } else if (!isServer(watch.mlflowUri())) {
      problems.add(URI_KEY, "is " + watch.mlflowUri() + ", " + ALLOWED);
    }
    if (watch.mlflowExperiment().isBlank()) {
      problems.add(
          "watch.mlflow-experiment",
          "is empty, but watch.mlflow-uri is set; give a name, or no address");
    }
  }

  private static boolean isServer(String text) {
    try {
      URI uri = new URI(text);
      boolean isHttp = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      return isHttp && uri.getHost() != null && uri.getQuery() == null && uri.getFragment() == null;
    } catch (URISyntaxException e) {
      return false;
    }
  }
}
