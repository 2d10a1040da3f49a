// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source.pairs;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.bellows.conf.BellowsException;
import org.bellows.data.prepare.source.part.EntryNameRules;
import org.bellows.data.prepare.source.part.SourceItem;
import org.bellows.data.prepare.source.part.SplitNames;
import org.bellows.data.storage.FolderEntries;
import org.bellows.data.storage.FolderEntry;

/**
 * A folder below the source, in which {@code {split}} may stand once for the name of a split:
 * {@code images}, <code>{split}annot</code>, <code>images/{split}</code>.
 *
 * @param text relative to the source; "." is the source itself
 */
record FolderPattern(String text) {
  static final String SPLIT = "{split}";
  private static final String HERE = ".";

  /**
   * @param key of the setting, for the message
   * @throws BellowsException (configuration)
   */
  static FolderPattern of(String key, String text) {
    boolean isInside =
        !text.startsWith("/")
            && !text.endsWith("/")
            && !text.contains("//")
            && !("/" + text + "/").contains("/../");
    if (!isInside || text.indexOf(SPLIT) != text.lastIndexOf(SPLIT)) {
      throw BellowsException.configuration(
          "%s is \"%s\", allowed: a folder in source.path such as images, {split} or masks/{split}, \".\" for source.path itself"
              .formatted(key, text));
    }
    return new FolderPattern(text);
  }

  boolean hasSplit() {
    return text.contains(SPLIT);
  }

  /** Relative to the source; empty for the source itself. */
  String of(String split) {
    return text.equals(HERE) ? "" : text.replace(SPLIT, split);
  }

  /**
   * Splits whose folder is there, with it, in byte order.
   *
   * @throws BellowsException (data) when the folder that holds them is missing
   */
  Map<String, String> splits(FileSystem files, Path root) throws IOException {
    Map<String, String> splits = new TreeMap<>(SourceItem.BYTE_ORDER);
    int at = text.indexOf(SPLIT);
    int slash = text.lastIndexOf('/', at);
    int end = text.indexOf('/', at) < 0 ? text.length() : text.indexOf('/', at);
    String parent = slash < 0 ? "" : text.substring(0, slash);
    String before = text.substring(slash + 1, at);
    String behind = text.substring(at + SPLIT.length(), end);
    for (FolderEntry entry : FolderEntries.all(files, below(root, parent))) {
      String name = entry.name();
      boolean isNamed =
          name.length() > before.length() + behind.length()
              && name.startsWith(before)
              && name.endsWith(behind);
      if (entry.isFolder() && isNamed && EntryNameRules.passedOver(name) == null) {
        String split = name.substring(before.length(), name.length() - behind.length());
        if (SplitNames.isValid(split) && isFolder(files, below(root, of(split)))) {
          splits.put(split, of(split));
        }
      }
    }
    return splits;
  }

  static Path below(Path root, String relative) {
    return relative.isEmpty() ? root : new Path(root + "/" + relative);
  }

  static boolean isFolder(FileSystem files, Path path) throws IOException {
    return files.exists(path) && files.getFileStatus(path).isDirectory();
  }
}
