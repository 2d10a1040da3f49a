// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.command.option;

import picocli.CommandLine.Option;

/** The options of every command that reads settings and may start Spark. */
public final class ConfigurationOptions extends ProfileOptions {
  @Option(
      names = "--master",
      paramLabel = "URL",
      description =
          "Spark master. Default: what spark-submit gave, else executors on this machine.")
  private String master;

  /** As given; null: what spark-submit gave, else executors on this machine. */
  public String master() {
    return master;
  }
}
