// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source.pairs;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.bellows.conf.BellowsException;
import org.bellows.conf.SourceSettings;
import org.bellows.data.prepare.source.part.ClassLabels;
import org.bellows.data.prepare.source.part.EntryNameRules;
import org.bellows.data.prepare.source.part.RemainingEntries;
import org.bellows.data.prepare.source.part.Source;
import org.bellows.data.prepare.source.part.SourcePart;
import org.bellows.data.prepare.source.part.SplitNames;
import org.bellows.data.storage.FolderEntries;
import org.bellows.data.storage.FolderEntry;

/**
 * A folder a picture: {@code ID/images/ID.png} and {@code ID/masks/*.png}, of which there may be
 * several, or the same below folders of splits. A part is a split.
 */
public final class PictureFoldersSource {
  static final String IMAGES = "images";
  static final String MASKS = "masks";
  private static final int RGB = 3;

  private final FileSystem files;
  private final Path root;
  private final String defaultSplit;

  /**
   * @param defaultSplit of pictures whose folders do not lie in the folder of a split
   */
  public PictureFoldersSource(FileSystem files, Path root, String defaultSplit) {
    this.files = files;
    this.root = root;
    this.defaultSplit = defaultSplit;
  }

  /**
   * Whether the first folder says that the source is one of these.
   *
   * @param folders names of the folders in the source, in byte order
   */
  public static boolean isUsual(FileSystem files, Path root, List<String> folders)
      throws IOException {
    if (folders.isEmpty()) {
      return false;
    }
    Path first = new Path(root + "/" + folders.get(0));
    String below = firstFolder(files, first);
    return isPicture(files, first)
        || below != null && isPicture(files, new Path(first + "/" + below));
  }

  private static boolean isPicture(FileSystem files, Path folder) throws IOException {
    return FolderPattern.isFolder(files, new Path(folder, IMAGES))
        && FolderPattern.isFolder(files, new Path(folder, MASKS));
  }

  /** The first of it that is an image or a folder, if it is a folder; else null. */
  private static String firstFolder(FileSystem files, Path folder) throws IOException {
    try (FolderEntries entries = FolderEntries.open(files, folder)) {
      for (FolderEntry entry = entries.next(); entry != null; entry = entries.next()) {
        boolean isRead = EntryNameRules.passedOver(entry.name()) == null;
        if (isRead && (entry.isFolder() || EntryNameRules.isImage(entry.name()))) {
          return entry.isFolder() ? entry.name() : null;
        }
      }
      return null;
    }
  }

  /**
   * @param folders names of the folders in the source, in byte order
   */
  public Source list(List<String> folders) throws IOException {
    if (!isUsual(files, root, folders)) {
      throw BellowsException.data(
          "source %s holds no folder a picture, expected ID/images/ID.png and ID/masks/*.png, or SPLIT/ID/images/ID.png"
              .formatted(root));
    }
    List<SourcePart> parts = new ArrayList<>();
    List<String> splits = List.of();
    if (isPicture(files, new Path(root + "/" + folders.get(0)))) {
      parts.add(new PictureFolders(root.toString(), "", defaultSplit, EntryNameRules.DESCRIPTIONS));
    } else {
      splits = folders;
      for (String split : splits) {
        if (!SplitNames.isValid(split)) {
          throw BellowsException.data("source %s %s".formatted(root, SplitNames.problem(split)));
        }
        parts.add(new PictureFolders(root + "/" + split, split + "/", split, Set.of()));
      }
      Set<String> known = new HashSet<>(EntryNameRules.DESCRIPTIONS);
      known.addAll(splits);
      parts.add(new RemainingEntries(root.toString(), "", null, known));
    }
    return new Source(
        root.toString(),
        SourceSettings.Format.PICTURE_FOLDERS,
        RGB,
        false,
        splits,
        ClassLabels.fromFolder(files, root),
        parts);
  }
}
