// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.storage;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * The entries of one folder, one at a time, and all of them. Hadoop's local file system leaves out
 * of its listings what it cannot look at: links that lead nowhere, names that the locale cannot
 * express. So local folders are listed here without it. To be closed.
 */
public interface FolderEntries extends Closeable {
  /** The next entry in the folder's own order, or null at the end. */
  FolderEntry next() throws IOException;

  /**
   * @param folder with a scheme
   * @throws java.io.FileNotFoundException when it is not there
   * @throws org.apache.hadoop.security.AccessControlException when it may not be listed
   */
  static FolderEntries open(FileSystem files, Path folder) throws IOException {
    return Storage.isLocal(folder)
        ? LocalFolder.open(LocalPaths.of(folder))
        : remote(files, folder);
  }

  /**
   * A local folder that no Hadoop path leads to.
   *
   * @param raw as {@link FolderEntry#raw} has it
   */
  static FolderEntries openLocal(String raw) throws IOException {
    return LocalFolder.open(LocalPaths.ofRaw(raw));
  }

  /** All at once: for folders of which it is known that they are small. */
  static List<FolderEntry> all(FileSystem files, Path folder) throws IOException {
    List<FolderEntry> all = new ArrayList<>();
    try (FolderEntries entries = open(files, folder)) {
      for (FolderEntry entry = entries.next(); entry != null; entry = entries.next()) {
        all.add(entry);
      }
    }
    return all;
  }

  private static FolderEntries remote(FileSystem files, Path folder) throws IOException {
    RemoteIterator<FileStatus> entries = files.listStatusIterator(folder);
    return new FolderEntries() {
      @Override
      public FolderEntry next() throws IOException {
        if (!entries.hasNext()) {
          return null;
        }
        FileStatus entry = entries.next();
        FolderEntry.Type type =
            entry.isDirectory() ? FolderEntry.Type.FOLDER : FolderEntry.Type.FILE;
        FileStatus known =
            type == FolderEntry.Type.FILE && ObjectStores.opensWithStatus(files) ? entry : null;
        return new FolderEntry(entry.getPath().getName(), type, entry.getLen(), null, null, known);
      }

      @Override
      public void close() throws IOException {
        if (entries instanceof Closeable closeable) {
          closeable.close();
        }
      }
    };
  }
}
