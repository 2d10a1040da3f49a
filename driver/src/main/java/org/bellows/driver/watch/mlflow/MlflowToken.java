// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.watch.mlflow;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import org.bellows.conf.BellowsException;

/** The credentials that the server requires. Never printed. */
final class MlflowToken {
  /** Name of the environment variable; MLflow's own clients read it, too. */
  static final String VARIABLE = "MLFLOW_TRACKING_TOKEN";

  /** Characters that a header may contain. */
  private static final Pattern ALLOWED = Pattern.compile("[\\x21-\\x7e]+");

  private MlflowToken() {}

  /**
   * @param file local; empty: the environment's, if there is one
   * @throws BellowsException (configuration) when there is no such file or it holds no token
   */
  static Optional<String> read(String file) {
    if (file.isBlank()) {
      return Optional.ofNullable(System.getenv(VARIABLE))
          .filter(token -> !token.isBlank())
          .map(token -> checked(token, VARIABLE));
    }
    try {
      return Optional.of(checked(Files.readString(Path.of(file)), file));
    } catch (IOException e) {
      throw BellowsException.configuration(
          "watch.mlflow-token-file: cannot read %s (%s)"
              .formatted(file, e.getClass().getSimpleName()));
    }
  }

  private static String checked(String token, String where) {
    String stripped = token.strip();
    if (!ALLOWED.matcher(stripped).matches()) {
      throw BellowsException.configuration(
          "%s holds no token: expected one line of visible ASCII characters, found %d bytes"
              .formatted(where, token.getBytes(StandardCharsets.UTF_8).length));
    }
    return stripped;
  }
}
