// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source.pairs;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.bellows.conf.text.Words;
import org.bellows.data.prepare.source.part.EntryNameRules;
import org.bellows.data.prepare.source.part.ItemContent.WholeFile;
import org.bellows.data.prepare.source.part.ItemIterator;
import org.bellows.data.prepare.source.part.ListedEntry;
import org.bellows.data.prepare.source.part.PassedOver;
import org.bellows.data.prepare.source.part.SourceItem;
import org.bellows.data.prepare.source.part.SourceMask;
import org.bellows.data.prepare.source.part.SourcePart;
import org.bellows.data.storage.FolderEntries;
import org.bellows.data.storage.FolderEntry;
import org.bellows.data.storage.Storage;

/**
 * A folder of pictures and the folder of their masks, which may be the same. The names of the masks
 * of this one folder are held in memory; pictures are listed one at a time. A picture and its mask
 * are one entry of the source.
 *
 * @param root the source
 * @param images folder relative to it; empty for itself
 * @param masks folder relative to it
 * @param known names of entries in the folder of pictures that are read otherwise
 */
record PairedFolder(
    String root,
    String images,
    String masks,
    String split,
    String imageSuffix,
    String maskSuffix,
    Set<String> known)
    implements SourcePart {
  static final String NO_MASK = "NO_MASK";
  private static final String NO_IMAGE = "mask without image";
  private static final String OTHER_NAME = "other name";

  PairedFolder {
    known = Set.copyOf(known);
  }

  @Override
  public String place() {
    return folder(images).toString();
  }

  @Override
  public boolean isOfFolder() {
    return true;
  }

  @Override
  public ItemIterator open(Configuration hadoop, boolean withContent) throws IOException {
    FileSystem files = Storage.fileSystem(hadoop, folder(images));
    Pairs pairs = new Pairs();
    pairs.readMasks(files);
    pairs.entries = FolderEntries.open(files, folder(images));
    return pairs;
  }

  private Path folder(String relative) {
    return FolderPattern.below(new Path(root), relative);
  }

  private static String path(String folder, String name) {
    return folder.isEmpty() ? name : folder + "/" + name;
  }

  private static String stem(String name) {
    return name.substring(0, name.lastIndexOf('.'));
  }

  /** The common part of a mask's name; null where it is no mask's name. */
  private String pairOfMask(String name) {
    return EntryNameRules.isImage(name) && stem(name).endsWith(maskSuffix)
        ? stem(name).substring(0, stem(name).length() - maskSuffix.length())
        : null;
  }

  private boolean isOneFolder() {
    return images.equals(masks);
  }

  private final class Pairs extends ItemIterator {
    /** By the common part of the names: the masks that no picture was found for yet. */
    private final Map<String, List<String>> free = new TreeMap<>(SourceItem.BYTE_ORDER);

    /** Of masks that belong to a picture already; its other pictures are told from no mask. */
    private final Map<String, List<String>> used = new TreeMap<>(SourceItem.BYTE_ORDER);

    private final Deque<ListedEntry> others = new ArrayDeque<>();
    private FolderEntries entries;
    private boolean hasEnded;

    private void readMasks(FileSystem files) throws IOException {
      try (FolderEntries all = FolderEntries.open(files, folder(masks))) {
        for (FolderEntry entry = all.next(); entry != null; entry = all.next()) {
          String pair = entry.isFile() ? pairOfMask(entry.name()) : null;
          boolean isHidden = EntryNameRules.passedOver(entry.name()) != null;
          if (pair != null && !isHidden) {
            free.computeIfAbsent(pair, key -> new ArrayList<>(1)).add(entry.name());
          } else if (!isOneFolder() && !isWay(entry)) {
            others.add(new PassedOver(path(masks, entry.name()), kind(entry)));
          }
        }
      } catch (FileNotFoundException e) {
        // Each of the pictures is refused then, by its name.
        free.clear();
      }
    }

    /** A folder below that pairs with one of pictures, or leads to others. */
    private boolean isWay(FolderEntry entry) {
      return entry.isFolder() && known.contains(entry.name());
    }

    private String kind(FolderEntry entry) {
      String hidden = EntryNameRules.passedOver(entry.name());
      if (hidden != null) {
        return hidden;
      }
      if (entry.isFolder()) {
        return EntryNameRules.FOLDER;
      }
      if (!entry.isFile()) {
        return EntryNameRules.NOT_A_FILE;
      }
      return EntryNameRules.isImage(entry.name())
          ? OTHER_NAME
          : EntryNameRules.ending(entry.name());
    }

    @Override
    protected ListedEntry advance() throws IOException {
      if (!others.isEmpty()) {
        return others.poll();
      }
      for (FolderEntry entry = entries.next(); entry != null; entry = entries.next()) {
        ListedEntry found = found(entry);
        if (found != null) {
          return found;
        }
      }
      if (!hasEnded) {
        hasEnded = true;
        free.values().stream()
            .flatMap(List::stream)
            .forEach(name -> others.add(new PassedOver(path(masks, name), NO_IMAGE)));
      }
      return others.poll();
    }

    /** Null for what other parts read, and for masks. */
    private ListedEntry found(FolderEntry entry) {
      String name = entry.name();
      String hidden = EntryNameRules.passedOver(name);
      String path = path(images, name);
      if (hidden != null) {
        return new PassedOver(path, hidden);
      }
      if (known.contains(name)) {
        return null;
      }
      if (entry.isFolder() || !EntryNameRules.isImage(name)) {
        return new PassedOver(path, kind(entry));
      }
      if (entry.problem() != null) {
        return SourceItem.refused(split, path, entry.problem().kind(), entry.problem().reason());
      }
      if (isOneFolder() && pairOfMask(name) != null) {
        return null;
      }
      if (!stem(name).endsWith(imageSuffix)) {
        return new PassedOver(path, OTHER_NAME);
      }
      return image(entry, path);
    }

    private SourceItem image(FolderEntry entry, String path) {
      String stem = stem(entry.name());
      String pair = stem.substring(0, stem.length() - imageSuffix.length());
      List<String> found = free.remove(pair);
      found = found == null ? used.get(pair) : found;
      if (found == null) {
        return SourceItem.refused(
            split,
            path,
            NO_MASK,
            "has no mask: there is no %s%s.png in %s".formatted(pair, maskSuffix, folder(masks)));
      }
      used.put(pair, found);
      if (found.size() > 1) {
        return SourceItem.refused(
            split,
            path,
            NO_MASK,
            "has %d masks, expected one: %s".formatted(found.size(), Words.and(found)));
      }
      return new SourceItem(
          split,
          path,
          null,
          entry.bytes(),
          new WholeFile(folder(images) + "/" + entry.name(), entry.known()),
          List.of(SourceMask.file(folder(masks) + "/" + found.get(0))),
          null);
    }

    @Override
    public void close() throws IOException {
      entries.close();
    }
  }
}
