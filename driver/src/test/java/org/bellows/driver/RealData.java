// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;

/** Folders of real images, which are not part of the project. */
final class RealData {
  private RealData() {}

  /**
   * The folder of this name below {@code BELLOWS_TEST_DATA}, or else below {@code shared/data}
   * beside the repository; where there is none, the test is skipped and says so.
   */
  static Path folder(String name) {
    String given = System.getenv("BELLOWS_TEST_DATA");
    Path folder =
        Path.of(given == null ? "../../shared/data" : given, name).toAbsolutePath().normalize();
    assumeThat(folder)
        .as("%s below BELLOWS_TEST_DATA or ../shared/data", name)
        .matches(Files::isDirectory, "is a folder");
    return folder;
  }
}
