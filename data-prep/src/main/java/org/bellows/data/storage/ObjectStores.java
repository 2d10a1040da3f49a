// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.storage;

import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.util.VersionInfo;

/** Differences of object stores from file systems, as far as they are known by scheme. */
final class ObjectStores {
  /** What has the connector for a scheme, as Maven names it; for messages. */
  private static final Map<String, String> CONNECTORS =
      Map.of(
          "s3a", "org.apache.hadoop:hadoop-aws:" + VersionInfo.getVersion(),
          "abfs", "org.apache.hadoop:hadoop-azure:" + VersionInfo.getVersion(),
          "abfss", "org.apache.hadoop:hadoop-azure:" + VersionInfo.getVersion(),
          "gs", "com.google.cloud.bigdataoss:gcs-connector (the version for Hadoop 3)");

  private ObjectStores() {}

  /** What is to be put on the class path for a scheme. */
  static Optional<String> connector(String scheme) {
    return Optional.ofNullable(CONNECTORS.get(scheme));
  }

  /**
   * Whether a file is there, as a whole and in the place of an older one, at the moment when its
   * stream is closed, and not at all before (Hadoop's S3A, "Object store vs. file system"; Google's
   * connector likewise). Azure's shows what has been flushed.
   */
  static boolean replacesOnClose(FileSystem files) {
    String scheme = files.getUri().getScheme();
    return "s3a".equals(scheme) || "gs".equals(scheme);
  }
}
