// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source.pairs;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.bellows.conf.BellowsException;
import org.bellows.conf.SourceSettings;
import org.bellows.data.prepare.source.part.ClassLabels;
import org.bellows.data.prepare.source.part.EntryNameRules;
import org.bellows.data.prepare.source.part.RemainingEntries;
import org.bellows.data.prepare.source.part.Source;
import org.bellows.data.prepare.source.part.SourceItem;
import org.bellows.data.prepare.source.part.SourcePart;
import org.bellows.data.storage.FolderEntries;
import org.bellows.data.storage.FolderEntry;

/**
 * Pictures in folders, and in other folders, or under other names, their masks. A part is one
 * folder of pictures; folders below it are parts of their own.
 */
public final class PairsSource {
  private static final int RGB = 3;

  /** Below a folder of pictures, as cities are. */
  private static final int DEEPEST = 4;

  private final FileSystem files;
  private final Path root;
  private final SourceSettings settings;
  private final List<SourcePart> parts = new ArrayList<>();

  /** Folders that hold pictures or masks, and what leads to them: each with its known entries. */
  private final SortedMap<String, Set<String>> ways = new TreeMap<>();

  private final Set<String> taken = new HashSet<>();

  public PairsSource(FileSystem files, Path root, SourceSettings settings) {
    this.files = files;
    this.root = root;
    this.settings = settings;
  }

  /** Whether the names of the folders alone say that the source is one of these. */
  public static boolean isUsual(FileSystem files, Path root, List<String> folders)
      throws IOException {
    return PairLayout.usual(files, root, folders).isPresent();
  }

  /**
   * @param folders names of the folders in the source
   */
  public Source list(List<String> folders) throws IOException {
    PairLayout layout = PairLayout.of(files, root, folders, settings);
    SortedMap<String, String> images = imageFolders(layout);
    for (Map.Entry<String, String> split : images.entrySet()) {
      take(split.getValue());
      take(layout.masks().of(split.getKey()));
    }
    for (Map.Entry<String, String> split : images.entrySet()) {
      String masks = layout.masks().of(split.getKey());
      addParts(layout, split.getKey(), split.getValue(), masks, 0);
    }
    ways.forEach(
        (folder, known) -> {
          if (!taken.contains(folder)) {
            parts.add(rest(folder, known));
          }
        });
    return new Source(
        root.toString(),
        SourceSettings.Format.PAIRS,
        RGB,
        false,
        List.copyOf(images.keySet()),
        ClassLabels.fromFolder(files, root),
        parts);
  }

  /** Split to its folder of pictures. */
  private SortedMap<String, String> imageFolders(PairLayout layout) throws IOException {
    SortedMap<String, String> images = new TreeMap<>(SourceItem.BYTE_ORDER);
    if (!layout.images().hasSplit()) {
      requireFolder("source.image-folder", layout.images());
      requireFolder("source.mask-folder", layout.masks());
      images.put(settings.defaultSplit(), layout.images().of(""));
      return images;
    }
    for (Map.Entry<String, String> split : layout.images().splits(files, root).entrySet()) {
      String masks = layout.masks().of(split.getKey());
      if (FolderPattern.isFolder(files, FolderPattern.below(root, masks))) {
        images.put(split.getKey(), split.getValue());
      }
    }
    if (images.isEmpty()) {
      throw BellowsException.data(
          "source %s holds no split with both folders, %s of pictures and %s of masks"
              .formatted(root, layout.images().text(), layout.masks().text()));
    }
    return images;
  }

  private void requireFolder(String key, FolderPattern folder) throws IOException {
    if (!FolderPattern.isFolder(files, FolderPattern.below(root, folder.of("")))) {
      throw BellowsException.data(
          "source %s holds no folder %s (%s)".formatted(root, folder.text(), key));
    }
  }

  private void take(String folder) {
    taken.add(folder);
    String way = folder;
    while (!way.isEmpty()) {
      int slash = way.lastIndexOf('/');
      String above = slash < 0 ? "" : way.substring(0, slash);
      ways.computeIfAbsent(above, name -> new TreeSet<>()).add(way.substring(slash + 1));
      way = above;
    }
  }

  private void addParts(PairLayout layout, String split, String images, String masks, int depth)
      throws IOException {
    Set<String> below = new TreeSet<>(SourceItem.BYTE_ORDER);
    for (FolderEntry entry : folders(images)) {
      String folder = images.isEmpty() ? entry.name() : images + "/" + entry.name();
      boolean leadsElsewhere = taken.contains(folder) || ways.containsKey(folder);
      if (!leadsElsewhere) {
        below.add(entry.name());
      }
    }
    if (depth == DEEPEST && !below.isEmpty()) {
      throw BellowsException.data(
          "%s/%s/%s is a folder, expected pictures: they may lie at most %d folders below %s"
              .formatted(root, images, below.iterator().next(), DEEPEST, layout.images().text()));
    }
    Set<String> known = new HashSet<>(below);
    known.addAll(ways.getOrDefault(images, Set.of()));
    known.addAll(ways.getOrDefault(masks, Set.of()));
    if (images.isEmpty()) {
      known.addAll(EntryNameRules.DESCRIPTIONS);
    }
    parts.add(
        new PairedFolder(
            root.toString(),
            images,
            masks,
            split,
            layout.imageSuffix(),
            layout.maskSuffix(),
            known));
    for (String name : below) {
      addParts(layout, split, images + "/" + name, masks + "/" + name, depth + 1);
    }
  }

  private List<FolderEntry> folders(String folder) throws IOException {
    List<FolderEntry> folders = new ArrayList<>();
    try (FolderEntries entries = FolderEntries.open(files, FolderPattern.below(root, folder))) {
      for (FolderEntry entry = entries.next(); entry != null; entry = entries.next()) {
        boolean isRead = EntryNameRules.passedOver(entry.name()) == null && entry.problem() == null;
        if (entry.isFolder() && isRead) {
          folders.add(entry);
        }
      }
    }
    return folders;
  }

  private RemainingEntries rest(String folder, Set<String> known) {
    Set<String> read = new HashSet<>(known);
    if (folder.isEmpty()) {
      read.addAll(EntryNameRules.DESCRIPTIONS);
    }
    String prefix = folder.isEmpty() ? "" : folder + "/";
    return new RemainingEntries(FolderPattern.below(root, folder).toString(), prefix, null, read);
  }
}
