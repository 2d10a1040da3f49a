// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.storage;

import org.apache.hadoop.fs.Path;
import org.apache.hadoop.util.VersionInfo;
import org.bellows.conf.BellowsException;

/** What to add where Hadoop cannot make the file system of a path, in one sentence. */
final class MissingConnector {
  /** Since 3.5 Hadoop has a connector for {@code gs} itself, and names its class by default. */
  private static final String GOOGLES_OF_HADOOP = "org.apache.hadoop.fs.gs.";

  private MissingConnector() {}

  /** Hadoop names the classes of its connectors itself, and finds out late that one is missing. */
  static RuntimeException ifAny(Path path, RuntimeException failure) {
    for (Throwable e = failure; e != null; e = e.getCause()) {
      if (e instanceof ClassNotFoundException) {
        String said = Storage.reason(e);
        return whole(
            path,
            said.contains(GOOGLES_OF_HADOOP)
                ? "org.apache.hadoop:hadoop-gcp:" + VersionInfo.getVersion()
                : ObjectStores.connector(path.toUri().getScheme()).orElse(said));
      }
    }
    return failure;
  }

  /** The connector is there, and a library that it uses is not. */
  static BellowsException part(Path path, NoClassDefFoundError failure) {
    String name = String.valueOf(failure.getMessage());
    if (name.contains(" ")) {
      // A class that is there and could not be initialised.
      throw failure;
    }
    return BellowsException.configuration(
        "path %s: the connector for %s:// lacks the class %s; add the jar that has it (docs/object-stores.md)"
            .formatted(path, path.toUri().getScheme(), name.replace('/', '.')));
  }

  static BellowsException whole(Path path, String missing) {
    return BellowsException.configuration(
        "path %s: the connector for %s:// is not on the class path; add %s (docs/object-stores.md)"
            .formatted(path, path.toUri().getScheme(), missing));
  }
}
