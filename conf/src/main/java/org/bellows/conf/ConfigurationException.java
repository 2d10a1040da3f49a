// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.conf;

import java.util.List;
import java.util.stream.Collectors;

/** All problems of a configuration at once. */
public final class ConfigurationException extends BellowsException {
  private static final long serialVersionUID = 1L;

  private final transient List<Problem> problems;

  public ConfigurationException(List<Problem> problems) {
    super(ErrorCategory.CONFIGURATION, render(problems), null);
    this.problems = List.copyOf(problems);
  }

  public List<Problem> problems() {
    return problems;
  }

  private static String render(List<Problem> problems) {
    String head =
        problems.size() == 1
            ? "the configuration has a problem:"
            : "the configuration has " + problems.size() + " problems:";
    return problems.stream()
        .map(problem -> "\n  " + problem)
        .collect(Collectors.joining("", head, ""));
  }
}
