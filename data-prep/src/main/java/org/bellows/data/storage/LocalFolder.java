// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.storage;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Iterator;
import org.apache.hadoop.security.AccessControlException;
import org.bellows.data.storage.FolderEntry.Problem;
import org.bellows.data.storage.FolderEntry.Type;

/** A folder on a local disk. */
final class LocalFolder implements FolderEntries {
  private final DirectoryStream<Path> stream;
  private final Iterator<Path> entries;

  private LocalFolder(DirectoryStream<Path> stream) {
    this.stream = stream;
    this.entries = stream.iterator();
  }

  @SuppressWarnings("StreamResourceLeak") // Whoever opened the folder closes it.
  static LocalFolder open(Path folder) throws IOException {
    try {
      return new LocalFolder(Files.newDirectoryStream(folder));
    } catch (NoSuchFileException | NotDirectoryException e) {
      throw new FileNotFoundException("there is no folder " + folder);
    } catch (AccessDeniedException e) {
      throw new AccessControlException(folder + ": permission denied");
    }
  }

  @Override
  public FolderEntry next() throws IOException {
    try {
      return entries.hasNext() ? entry(entries.next()) : null;
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }

  private static FolderEntry entry(Path file) {
    String raw = LocalPaths.raw(file);
    byte[] bytes = LocalPaths.name(raw);
    String name = LocalPaths.text(bytes);
    String badName = LocalPaths.problem(bytes);
    Problem ofName = badName == null ? null : new Problem(FolderEntry.BAD_NAME, badName);
    try {
      BasicFileAttributes is = Files.readAttributes(file, BasicFileAttributes.class);
      if (is.isDirectory()) {
        return new FolderEntry(name, Type.FOLDER, 0, ofName, raw);
      }
      if (is.isRegularFile()) {
        return new FolderEntry(name, Type.FILE, is.size(), ofName, raw);
      }
      Problem special = new Problem(FolderEntry.NOT_A_FILE, "is a pipe, socket or device");
      return new FolderEntry(name, Type.OTHER, 0, special, raw);
    } catch (IOException e) {
      return new FolderEntry(name, Type.OTHER, 0, ofName == null ? problem(file, e) : ofName, raw);
    }
  }

  private static Problem problem(Path file, IOException unseen) {
    if (!Files.isSymbolicLink(file)) {
      return new Problem(FolderEntry.UNREADABLE, "cannot be looked at: " + reason(unseen));
    }
    try {
      String target = Files.readSymbolicLink(file).toString();
      return unseen instanceof AccessDeniedException
          ? new Problem(
              FolderEntry.UNREADABLE, "is a link to %s: %s".formatted(target, reason(unseen)))
          : new Problem(
              FolderEntry.DANGLING_LINK, "is a link to %s, which leads nowhere".formatted(target));
    } catch (IOException e) {
      return new Problem(FolderEntry.DANGLING_LINK, "is a link that leads nowhere");
    }
  }

  private static String reason(IOException e) {
    return e instanceof AccessDeniedException ? "permission denied" : Storage.reason(e);
  }
}
