// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source.part;

import java.io.IOException;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.bellows.conf.BellowsException;
import org.bellows.data.storage.FolderEntries;
import org.bellows.data.storage.FolderEntry;
import org.bellows.data.storage.Storage;

/**
 * The entries of a folder that no other part reads, so that none of them is lost.
 *
 * @param place the folder
 * @param prefix of its entries' paths relative to the source: "" or "train/"
 * @param split that what is refused counts to; null: nothing can be refused here
 * @param read names of the entries that others read
 */
public record RemainingEntries(String place, String prefix, String split, Set<String> read)
    implements SourcePart {
  public RemainingEntries {
    read = Set.copyOf(read);
  }

  /**
   * @throws BellowsException (data) when the entry may stand for a part of the source that has no
   *     other place than this folder
   */
  public static void requireReadable(String folder, FolderEntry entry) {
    FolderEntry.Problem problem = entry.problem();
    if (problem != null && !problem.kind().equals(FolderEntry.NOT_A_FILE)) {
      throw BellowsException.data(
          "%s in source %s %s; mend or remove it"
              .formatted(entry.name(), folder, problem.reason()));
    }
  }

  @Override
  public boolean isOfFolder() {
    return true;
  }

  @Override
  public ItemIterator open(Configuration hadoop, boolean withContent) throws IOException {
    Path folder = new Path(place);
    FolderEntries entries = FolderEntries.open(Storage.fileSystem(hadoop, folder), folder);
    return new ItemIterator() {
      @Override
      protected ListedEntry advance() throws IOException {
        for (FolderEntry entry = entries.next(); entry != null; entry = entries.next()) {
          if (!read.contains(entry.name())) {
            return found(entry);
          }
        }
        return null;
      }

      @Override
      public void close() throws IOException {
        entries.close();
      }
    };
  }

  private ListedEntry found(FolderEntry entry) {
    String path = prefix + entry.name();
    String hidden = EntryNameRules.passedOver(entry.name());
    if (hidden != null) {
      return new PassedOver(path, hidden);
    }
    if (entry.isFolder()) {
      return new PassedOver(path, EntryNameRules.FOLDER);
    }
    if (entry.isFile()) {
      boolean isEmpty = entry.bytes() == 0;
      return new PassedOver(
          path, isEmpty ? EntryNameRules.EMPTY : EntryNameRules.ending(entry.name()));
    }
    FolderEntry.Problem problem = entry.problem();
    if (problem.kind().equals(FolderEntry.NOT_A_FILE)) {
      return new PassedOver(path, EntryNameRules.NOT_A_FILE);
    }
    if (split == null) {
      requireReadable(place, entry);
    }
    return SourceItem.refused(split, path, problem.kind(), problem.reason());
  }
}
