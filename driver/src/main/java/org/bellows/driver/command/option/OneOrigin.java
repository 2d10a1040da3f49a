// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.command.option;

import java.util.List;
import org.bellows.conf.Problem;
import org.bellows.conf.Settings;

/** For commands that take their pictures from a prepared dataset or from a source. */
public final class OneOrigin {
  private OneOrigin() {}

  /** What is wrong unless exactly one of {@code data.path} and {@code source.path} is set. */
  public static List<Problem> problems(Settings settings) {
    return problems(settings, "");
  }

  /**
   * @param otherOrigin what else the command could have been given and was not, after a comma
   */
  public static List<Problem> problems(Settings settings, String otherOrigin) {
    String data = settings.data().path();
    String source = settings.source().path();
    if (data.isBlank() != source.isBlank()) {
      return List.of();
    }
    String what =
        data.isBlank()
            ? "is not set, nor is source.path%s; give one of them".formatted(otherOrigin)
            : "is %s, and source.path is %s; give only one of them".formatted(data, source);
    return List.of(new Problem("data.path", what));
  }
}
