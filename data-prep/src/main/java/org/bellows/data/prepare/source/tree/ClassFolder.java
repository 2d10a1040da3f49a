// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source.tree;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.bellows.conf.BellowsException;
import org.bellows.data.prepare.source.part.EntryNameRules;
import org.bellows.data.prepare.source.part.ItemContent.WholeFile;
import org.bellows.data.prepare.source.part.ItemIterator;
import org.bellows.data.prepare.source.part.ListedEntry;
import org.bellows.data.prepare.source.part.PassedOver;
import org.bellows.data.prepare.source.part.SourceItem;
import org.bellows.data.prepare.source.part.SourcePart;
import org.bellows.data.storage.FolderEntries;
import org.bellows.data.storage.FolderEntry;
import org.bellows.data.storage.Storage;

/**
 * A class folder of a tree.
 *
 * @param place its path
 * @param prefix of its images' paths relative to the source: "train/cat/"
 * @param split that its images belong to
 * @param name of the class
 * @param raw null, or where it is to be listed though no path leads to it ({@link FolderEntry#raw})
 * @param problem null, or why none of its images can be read: a predicate
 */
record ClassFolder(
    String place, String prefix, String split, String name, String raw, String problem)
    implements SourcePart {

  @Override
  public boolean isOfFolder() {
    return true;
  }

  @Override
  public ItemIterator open(Configuration hadoop, boolean withContent) throws IOException {
    return new Images(entries(hadoop));
  }

  private FolderEntries entries(Configuration hadoop) throws IOException {
    if (problem != null) {
      return FolderEntries.openLocal(raw);
    }
    Path folder = new Path(place);
    return FolderEntries.open(Storage.fileSystem(hadoop, folder), folder);
  }

  private final class Images extends ItemIterator {
    private final FolderEntries entries;
    private final Map<String, Long> others = new TreeMap<>();
    private long images;

    Images(FolderEntries entries) {
      this.entries = entries;
    }

    @Override
    protected ListedEntry advance() throws IOException {
      FolderEntry entry = entries.next();
      if (entry != null) {
        ListedEntry found = found(entry);
        if (found instanceof PassedOver other) {
          others.merge(other.kind(), 1L, Long::sum);
        } else {
          images++;
        }
        return found;
      }
      if (images == 0 && problem != null) {
        // So that the folder itself does not vanish.
        images++;
        String folder = prefix.substring(0, prefix.length() - 1);
        return SourceItem.refused(split, folder, FolderEntry.BAD_NAME, problem);
      }
      requireImages();
      return null;
    }

    private void requireImages() {
      if (images == 0) {
        long count = others.values().stream().mapToLong(Long::longValue).sum();
        String kinds =
            others.entrySet().stream()
                .map(kind -> kind.getValue() + " " + kind.getKey())
                .collect(Collectors.joining(", ", " (", ")"));
        throw BellowsException.data(
            "class %s of split %s has no images (*.jpg, *.jpeg, *.png); the folder %s holds %d other entries%s"
                .formatted(name, split, place, count, count == 0 ? "" : kinds));
      }
    }

    @Override
    public void close() throws IOException {
      entries.close();
    }
  }

  private ListedEntry found(FolderEntry entry) {
    String path = prefix + entry.name();
    String hidden = EntryNameRules.passedOver(entry.name());
    if (hidden != null) {
      return new PassedOver(path, hidden);
    }
    if (entry.isFolder()) {
      throw BellowsException.data(
          "%s/%s is a folder, expected an image: a class folder holds files only"
              .formatted(place, entry.name()));
    }
    if (!EntryNameRules.isImage(entry.name())) {
      return new PassedOver(path, EntryNameRules.ending(entry.name()));
    }
    if (problem != null) {
      return SourceItem.refused(
          split, path, FolderEntry.BAD_NAME, "is in a folder that " + problem);
    }
    if (entry.problem() != null) {
      return SourceItem.refused(split, path, entry.problem().kind(), entry.problem().reason());
    }
    return SourceItem.of(
        split, path, name, entry.bytes(), new WholeFile(place + "/" + entry.name(), entry.known()));
  }
}
