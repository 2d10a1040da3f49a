// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.job;

import picocli.CommandLine;

/** The jar's version, "development" from class folders; for {@code --version} with Spark's. */
public final class BuildVersion implements CommandLine.IVersionProvider {

  public static String text() {
    String version = BuildVersion.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  @Override
  public String[] getVersion() {
    return new String[] {
      "bellows %s, Spark %s".formatted(text(), org.apache.spark.package$.MODULE$.SPARK_VERSION())
    };
  }
}
