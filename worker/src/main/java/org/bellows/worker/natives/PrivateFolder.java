// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.natives;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;

/** A folder of this user's, where others may make folders, too, of whatever name. */
final class PrivateFolder {
  private static final Set<PosixFilePermission> OWNERS_ALONE =
      PosixFilePermissions.fromString("rwx------");

  private PrivateFolder() {}

  /**
   * Makes the folder if it is not there.
   *
   * @throws IOException when it is there and another user may have put something into it
   */
  static void require(Path folder) throws IOException {
    Files.createDirectories(folder.toAbsolutePath().getParent());
    try {
      Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(OWNERS_ALONE));
    } catch (FileAlreadyExistsException e) {
      check(folder);
    }
  }

  private static void check(Path folder) throws IOException {
    PosixFileAttributes found =
        Files.readAttributes(folder, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    String permissions = PosixFilePermissions.toString(found.permissions());
    if (!found.isDirectory()) {
      throw refusal("it is no folder");
    }
    if (found.permissions().contains(PosixFilePermission.GROUP_WRITE)
        || found.permissions().contains(PosixFilePermission.OTHERS_WRITE)) {
      throw refusal("others may write to it (" + permissions + ")");
    }
    if (!found.owner().equals(whoWritesTo(folder))) {
      throw refusal("it belongs to " + found.owner().getName());
    }
  }

  /** Java does not tell the process's user; a file that it makes does. Null: unknown. */
  private static UserPrincipal whoWritesTo(Path folder) throws IOException {
    Path probe;
    try {
      probe = Files.createTempFile(folder, ".owner-", "");
    } catch (AccessDeniedException e) {
      return null;
    }
    try {
      return Files.getOwner(probe);
    } finally {
      Files.delete(probe);
    }
  }

  private static IOException refusal(String why) {
    return new IOException(
        why
            + ", and files that others put there would be run; remove it, or name a folder of your own"
            + " with -Dorg.bytedeco.javacpp.cachedir=PATH");
  }
}
