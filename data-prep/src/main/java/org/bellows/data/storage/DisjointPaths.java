// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.storage;

import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.bellows.conf.ConfigurationException;
import org.bellows.conf.Problem;

/**
 * Folders that a command reads must not be changed by what the same command writes. Collects
 * problems, so that all of them can be reported together, before Spark starts. Paths that are blank
 * are passed over.
 */
public final class DisjointPaths {
  private final Configuration hadoop;
  private final List<Problem> problems = new ArrayList<>();

  public DisjointPaths(Configuration hadoop) {
    this.hadoop = hadoop;
  }

  /** Neither may be the other, nor be inside it. */
  public DisjointPaths apart(String writtenKey, String written, String readKey, String read) {
    if (bothGiven(written, read)) {
      ResolvedPath target = ResolvedPath.of(hadoop, written);
      ResolvedPath origin = ResolvedPath.of(hadoop, read);
      if (target.holds(origin) || origin.holds(target)) {
        add(writtenKey, written, readKey, read, "one is inside the other");
      }
    }
    return this;
  }

  /** Input must not be inside output, where it could be replaced or removed. */
  public DisjointPaths notBelow(String writtenKey, String written, String readKey, String read) {
    if (bothGiven(written, read)
        && ResolvedPath.of(hadoop, written).holds(ResolvedPath.of(hadoop, read))) {
      add(writtenKey, written, readKey, read, "the input would be replaced by the output");
    }
    return this;
  }

  /** Output must not be inside input, where it would be taken for a part of that. */
  public DisjointPaths notInside(String writtenKey, String written, String readKey, String read) {
    if (bothGiven(written, read)
        && ResolvedPath.of(hadoop, read).holds(ResolvedPath.of(hadoop, written))) {
      add(writtenKey, written, readKey, read, "the output would be a part of the input");
    }
    return this;
  }

  /**
   * @throws ConfigurationException naming all that is wrong
   */
  public void require() {
    if (!problems.isEmpty()) {
      throw new ConfigurationException(problems);
    }
  }

  private static boolean bothGiven(String written, String read) {
    return !written.isBlank() && !read.isBlank();
  }

  private void add(
      String writtenKey, String written, String readKey, String read, String consequence) {
    problems.add(
        new Problem(
            writtenKey, "is %s, and %s is %s: %s".formatted(written, readKey, read, consequence)));
  }
}
