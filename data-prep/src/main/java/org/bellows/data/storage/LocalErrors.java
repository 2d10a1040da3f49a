// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.storage;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NotDirectoryException;
import java.util.List;
import org.apache.hadoop.fs.ParentNotDirectoryException;
import org.apache.hadoop.fs.PathIsDirectoryException;

/**
 * The operating system's reason for a failure of a local file. Java has exceptions of its own for a
 * part of them only; the others are in messages, in the words of the C library.
 */
final class LocalErrors {
  private static final List<String> DENIED =
      List.of("Permission denied", "Operation not permitted", "Read-only file system");

  private static final List<String> WRONG_KIND =
      List.of("Not a directory", "is not a directory", "(Is a directory)");

  private LocalErrors() {}

  static boolean areTooManyOpen(Throwable error) {
    return describe(error, List.of("Too many open files"));
  }

  static boolean isDenied(Throwable error) {
    return error instanceof AccessDeniedException || describe(error, DENIED);
  }

  /** A folder where a file is wanted, or the reverse. */
  static boolean isOfTheWrongKind(Throwable error) {
    return error instanceof ParentNotDirectoryException
        || error instanceof PathIsDirectoryException
        || error instanceof NotDirectoryException
        || error instanceof FileAlreadyExistsException
        || describe(error, WRONG_KIND);
  }

  private static boolean describe(Throwable error, List<String> words) {
    String message = String.valueOf(error.getMessage());
    return words.stream().anyMatch(message::contains);
  }
}
