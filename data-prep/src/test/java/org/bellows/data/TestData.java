// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/**
 * Real data that lies outside the project: BELLOWS_TEST_DATA, else shared/data beside the project.
 */
public final class TestData {
  private TestData() {}

  /** Skips the test, and says so, where the data is absent. */
  public static Path require(String name) {
    String configured = System.getenv("BELLOWS_TEST_DATA");
    List<Path> roots =
        configured != null
            ? List.of(Path.of(configured))
            : List.of(Path.of("../shared/data"), Path.of("../../shared/data"));
    for (Path root : roots) {
      if (Files.isDirectory(root.resolve(name))) {
        return root.resolve(name).toAbsolutePath().normalize();
      }
    }
    String reason = "skipped: no test data " + name + " in any of " + roots;
    System.out.println(reason);
    Assumptions.abort(reason);
    throw new IllegalStateException("abort() returned");
  }
}
