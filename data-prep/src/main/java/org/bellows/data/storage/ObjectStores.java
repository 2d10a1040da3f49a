// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.storage;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.CommonPathCapabilities;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.util.VersionInfo;

/** Differences of object stores from file systems. */
public final class ObjectStores {
  /** What has the connector for a scheme, as Maven names it; for messages. */
  private static final Map<String, String> CONNECTORS =
      Map.of(
          "s3a", "org.apache.hadoop:hadoop-aws:" + VersionInfo.getVersion(),
          "abfs", "org.apache.hadoop:hadoop-azure:" + VersionInfo.getVersion(),
          "abfss", "org.apache.hadoop:hadoop-azure:" + VersionInfo.getVersion(),
          "gs", "com.google.cloud.bigdataoss:gcs-connector (the version for Hadoop 3)");

  /**
   * Capability and option of a creation (Hadoop 3.4.2, {@code
   * Options.CreateFileOptionKeys.FS_OPTION_CREATE_CONDITIONAL_OVERWRITE}). Older Hadoops have no
   * constant for it; options that a file system does not know are passed over.
   */
  static final String CREATE_ON_CONDITION = "fs.option.create.conditional.overwrite";

  private ObjectStores() {}

  /**
   * What an object store means by a failure, as far as it is one of the settings; the classes of
   * connectors are known by name, as they may not be there.
   *
   * @return the rest of a sentence that says what failed
   */
  static Optional<String> refusal(IOException failure) {
    for (Throwable e = failure; e != null; e = e.getCause()) {
      switch (e.getClass().getSimpleName()) {
        case "NoAuthWithAWSException" -> {
          return Optional.of("there are no credentials for the store (docs/object-stores.md)");
        }
        case "UnknownStoreException" -> {
          return Optional.of("there is no such bucket (" + Storage.reason(failure) + ")");
        }
        default -> {
          // Its cause may be one.
        }
      }
    }
    boolean isDenied =
        failure instanceof AccessDeniedException denied
            && String.valueOf(denied.getFile()).contains("://");
    return isDenied
        ? Optional.of("the store denies it (" + Storage.reason(failure) + ")")
        : Optional.empty();
  }

  /** Whether a creation on a condition failed because there is such a file. */
  static boolean isThere(IOException failure) {
    return failure instanceof FileAlreadyExistsException || isChanged(failure);
  }

  /**
   * Whether another request for the same object was in the way, and the same may be asked again
   * (S3, "PutObject": 409 ConditionalRequestConflict). S3A has no class of its own for it.
   */
  static boolean isConflict(IOException failure) {
    return says(failure, "Status Code: 409");
  }

  /** What is to be put on the class path for a scheme. */
  static Optional<String> connector(String scheme) {
    return Optional.ofNullable(CONNECTORS.get(scheme));
  }

  /** Whether the scheme is one that {@link #connector} knows. */
  static boolean areStore(FileSystem files) {
    return CONNECTORS.containsKey(String.valueOf(files.getUri().getScheme()));
  }

  /**
   * Whether a file that is opened with its entry of a list costs one request less: S3A, whose
   * entries have the object's version, and whose reader fails when there is another meanwhile.
   */
  static boolean opensWithStatus(FileSystem files) {
    return "s3a".equals(files.getUri().getScheme());
  }

  /**
   * Whether a file that was opened with its entry of a list is another one meanwhile. S3A has a
   * class for it, but the stream that Hadoop 3.5 reads with by default ("analytics") hands the
   * store's answer on: 412 PreconditionFailed (S3, "GetObject").
   */
  public static boolean isChanged(IOException failure) {
    for (Throwable e = failure; e != null; e = e.getCause()) {
      if ("RemoteFileChangedException".equals(e.getClass().getSimpleName())
          || says(e, "Status Code: 412")) {
        return true;
      }
    }
    return false;
  }

  private static boolean says(Throwable failure, String status) {
    return String.valueOf(failure.getMessage()).contains(status);
  }

  /**
   * Whether the connector can ask the store to create a file only if there is none: S3A since
   * Hadoop 3.4.2. A store that does not know the condition writes all the same.
   *
   * @param path where the file will be
   */
  public static boolean createsOnCondition(FileSystem files, Path path) throws IOException {
    return files.hasPathCapability(path, CREATE_ON_CONDITION);
  }

  /**
   * Whether a file is there, as a whole and in the place of an older one, at the moment when its
   * stream is closed, and not at all before (Hadoop's S3A, "Object store vs. file system"; Google's
   * connector likewise). Azure's shows what has been flushed.
   */
  public static boolean replacesOnClose(FileSystem files) {
    String scheme = files.getUri().getScheme();
    return "s3a".equals(scheme) || "gs".equals(scheme);
  }

  /**
   * Whether a long file is best written under its own name: a rename would copy it, and a writer
   * that fails or dies leaves nothing of it and what was there as it was ({@link NewFile#giveUp}).
   * S3A's streams can be given up. Other stores keep what was written until then.
   *
   * @param path where the file will be
   */
  public static boolean writesInPlace(FileSystem files, Path path) throws IOException {
    return replacesOnClose(files)
        && files.hasPathCapability(path, CommonPathCapabilities.ABORTABLE_STREAM);
  }
}
