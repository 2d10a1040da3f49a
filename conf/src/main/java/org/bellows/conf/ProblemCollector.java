// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.conf;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Collects the problems of several checks, so that all of them are reported at once. */
public final class ProblemCollector {
  private final List<BellowsException> found = new ArrayList<>();

  /** Several failures in one; the problems of nested checks are listed side by side. */
  private static final class Together extends BellowsException {
    private static final long serialVersionUID = 1L;

    private final transient List<BellowsException> failures;

    Together(ErrorCategory category, String text, List<BellowsException> failures) {
      super(category, text, failures.get(0).getCause());
      this.failures = List.copyOf(failures);
    }
  }

  /**
   * @return the result of the check; empty when it failed, which {@link #requireNone} reports
   */
  public <T> Optional<T> of(Supplier<T> check) {
    try {
      return Optional.ofNullable(check.get());
    } catch (Together several) {
      several.failures.forEach(this::add);
      return Optional.empty();
    } catch (BellowsException e) {
      add(e);
      return Optional.empty();
    }
  }

  /** The same sentence twice says no more. */
  private void add(BellowsException failure) {
    if (found.stream().noneMatch(known -> known.getMessage().equals(failure.getMessage()))) {
      found.add(failure);
    }
  }

  /** A check that gives nothing. */
  public void check(Runnable check) {
    of(
        () -> {
          check.run();
          return null;
        });
  }

  public boolean areNone() {
    return found.isEmpty();
  }

  /**
   * @throws BellowsException the problem itself if there is one, otherwise all of them together, in
   *     the category that a user can act on first: configuration before data before infrastructure
   */
  public void requireNone() {
    if (found.size() == 1) {
      throw found.get(0);
    }
    if (!found.isEmpty()) {
      throw new Together(category(), text(), found);
    }
  }

  private ErrorCategory category() {
    return List.of(ErrorCategory.CONFIGURATION, ErrorCategory.DATA, ErrorCategory.INFRASTRUCTURE)
        .stream()
        .filter(category -> found.stream().anyMatch(failure -> failure.category() == category))
        .findFirst()
        .orElse(ErrorCategory.INTERNAL);
  }

  private String text() {
    List<String> sentences = new ArrayList<>();
    for (BellowsException failure : found) {
      if (failure instanceof ConfigurationException several) {
        several.problems().forEach(problem -> sentences.add(problem.toString()));
      } else {
        sentences.add(failure.getMessage());
      }
    }
    return sentences.stream()
        .distinct()
        .map(sentence -> "\n  " + sentence)
        .collect(
            Collectors.joining(
                "", "%d problems:".formatted(sentences.stream().distinct().count()), ""));
  }
}
