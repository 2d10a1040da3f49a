// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.security;

import java.lang.management.ManagementFactory;
import java.util.List;

/** What this JVM was started with. */
final class JvmOptions {
  private JvmOptions() {}

  /** The rest is a test's own. */
  static List<String> withoutSpark() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> !option.startsWith("-Dspark.") && !option.startsWith("-Xmx"))
        .toList();
  }
}
