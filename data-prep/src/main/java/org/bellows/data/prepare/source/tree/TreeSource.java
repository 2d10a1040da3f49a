// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source.tree;

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
import org.bellows.conf.SourceSettings.Format;
import org.bellows.data.prepare.source.part.ClassLabels;
import org.bellows.data.prepare.source.part.EntryNameRules;
import org.bellows.data.prepare.source.part.RemainingEntries;
import org.bellows.data.prepare.source.part.Source;
import org.bellows.data.prepare.source.part.SourceItem;
import org.bellows.data.prepare.source.part.SourcePart;
import org.bellows.data.prepare.source.part.SplitNames;
import org.bellows.data.storage.FolderEntries;
import org.bellows.data.storage.FolderEntry;
import org.bellows.data.text.UnicodeSpelling;

/**
 * An ImageNet-style tree: split/class/*.jpg, *.jpeg, *.png in any case, or class/*.jpg. A part is a
 * class folder, or what a folder holds beside folders.
 */
public final class TreeSource {
  private static final String TRAIN = "train";
  private static final int RGB = 3;

  private final FileSystem files;
  private final String root;
  private final String defaultSplit;

  /**
   * @param defaultSplit of images that lie in class folders without split folders
   */
  public TreeSource(FileSystem files, Path root, String defaultSplit) {
    this.files = files;
    this.root = root.toString();
    this.defaultSplit = defaultSplit;
  }

  /** A split's class folders, those that can be read and those that cannot, by name. */
  private record Classes(
      SortedMap<String, FolderEntry> readable, SortedMap<String, FolderEntry> badlyNamed) {
    Classes() {
      this(new TreeMap<>(SourceItem.BYTE_ORDER), new TreeMap<>(SourceItem.BYTE_ORDER));
    }

    void add(FolderEntry folder) {
      (folder.problem() == null ? readable : badlyNamed).put(folder.name(), folder);
    }

    Set<String> names() {
      Set<String> names = new HashSet<>(readable.keySet());
      names.addAll(badlyNamed.keySet());
      return names;
    }
  }

  /**
   * @param entries of the root
   */
  public Source list(List<FolderEntry> entries) throws IOException {
    SortedMap<String, FolderEntry> folders = new TreeMap<>(SourceItem.BYTE_ORDER);
    for (FolderEntry entry : entries) {
      if (EntryNameRules.passedOver(entry.name()) == null) {
        refuseImage(entry, root, "split/class/");
        if (entry.isFolder()) {
          folders.put(entry.name(), entry);
        }
      }
    }
    if (folders.isEmpty()) {
      throw BellowsException.data(
          "source " + root + " holds no split folders, expected split/class/*.jpg");
    }
    return areClasses(folders) ? ofClasses(folders) : ofSplits(folders);
  }

  /** The first folder in byte order that holds an image or a folder tells which they are. */
  private boolean areClasses(SortedMap<String, FolderEntry> folders) throws IOException {
    // Folders of such names only are splits, also where they hold images: those have no class.
    if (folders.keySet().stream().allMatch(SplitNames::isUsual)) {
      return false;
    }
    for (FolderEntry folder : folders.values()) {
      if (folder.problem() == null) {
        FolderEntry first = firstOf(root + "/" + folder.name());
        if (first != null) {
          return first.isFile();
        }
      }
    }
    return false;
  }

  /** The first image or folder; null where there is none. */
  private FolderEntry firstOf(String folder) throws IOException {
    try (FolderEntries entries = FolderEntries.open(files, new Path(folder))) {
      FolderEntry entry = entries.next();
      while (entry != null && !isImageOrFolder(entry)) {
        entry = entries.next();
      }
      return entry;
    }
  }

  private static boolean isImageOrFolder(FolderEntry entry) {
    return EntryNameRules.passedOver(entry.name()) == null
        && (entry.isFolder() || (entry.isFile() && EntryNameRules.isImage(entry.name())));
  }

  private Source ofClasses(SortedMap<String, FolderEntry> folders) throws IOException {
    Classes classes = new Classes();
    folders.values().forEach(classes::add);
    List<SourcePart> parts = new ArrayList<>();
    classes.readable().keySet().forEach(name -> parts.add(part("", defaultSplit, name)));
    classes.badlyNamed().values().forEach(bad -> parts.add(bad("", defaultSplit, bad)));
    parts.add(rest("", null, folders.keySet()));
    return source(List.of(), List.copyOf(classes.readable().keySet()), parts);
  }

  private Source ofSplits(SortedMap<String, FolderEntry> folders) throws IOException {
    SortedMap<String, Classes> splits = new TreeMap<>(SourceItem.BYTE_ORDER);
    for (String split : folders.keySet()) {
      requireSplitName(split);
      splits.put(split, classes(split));
    }
    List<String> classes = classNames(splits);
    List<SourcePart> parts = new ArrayList<>();
    splits.forEach(
        (split, of) -> of.readable().keySet().forEach(c -> parts.add(part(split + "/", split, c))));
    // After all that is read: an image's place in the source does not depend on files that are not
    // read.
    splits.forEach(
        (split, of) ->
            of.badlyNamed().values().forEach(c -> parts.add(bad(split + "/", split, c))));
    splits.forEach((split, of) -> parts.add(rest(split + "/", split, of.names())));
    parts.add(rest("", null, splits.keySet()));
    return source(List.copyOf(splits.keySet()), classes, parts);
  }

  private Source source(List<String> splits, List<String> classes, List<SourcePart> parts)
      throws IOException {
    ClassLabels listed = ClassLabels.fromFolder(files, new Path(root));
    boolean isListed = !listed.origin().isEmpty();
    return new Source(
        root,
        Format.TREE,
        RGB,
        false,
        splits,
        isListed ? listed : ClassLabels.fixed(classes, classes),
        parts);
  }

  private Classes classes(String split) throws IOException {
    String place = root + "/" + split;
    Classes classes = new Classes();
    try (FolderEntries entries = FolderEntries.open(files, new Path(place))) {
      for (FolderEntry entry = entries.next(); entry != null; entry = entries.next()) {
        if (EntryNameRules.passedOver(entry.name()) == null) {
          refuseImage(entry, place, split + "/class/");
          if (entry.isFolder()) {
            classes.add(entry);
          }
        }
      }
    }
    if (classes.names().isEmpty()) {
      throw BellowsException.data(
          "split %s of source %s holds no class folders, expected %s/class/*.jpg"
              .formatted(split, root, split));
    }
    return classes;
  }

  /**
   * @param above its path from the root: "train/", or "" where there are no splits
   */
  private ClassFolder part(String above, String split, String name) {
    String path = above + name;
    return new ClassFolder(root + "/" + path, path + "/", split, name, null, null);
  }

  private ClassFolder bad(String above, String split, FolderEntry folder) {
    String path = above + folder.name();
    return new ClassFolder(
        root + "/" + path,
        path + "/",
        split,
        folder.name(),
        folder.raw(),
        folder.problem().reason());
  }

  private RemainingEntries rest(String prefix, String split, Set<String> read) {
    Set<String> known = new HashSet<>(read);
    if (split == null) {
      known.add(ClassLabels.FILE);
    }
    return new RemainingEntries(split == null ? root : root + "/" + split, prefix, split, known);
  }

  /**
   * A class that training never sees cannot be learned; without a train split all classes count.
   */
  private List<String> classNames(SortedMap<String, Classes> splits) {
    TreeSet<String> union = new TreeSet<>(SourceItem.BYTE_ORDER);
    splits.values().forEach(classes -> union.addAll(classes.readable().keySet()));
    if (splits.containsKey(TRAIN)) {
      for (Map.Entry<String, Classes> split : splits.entrySet()) {
        for (String name : split.getValue().readable().keySet()) {
          if (!splits.get(TRAIN).readable().containsKey(name)) {
            throw BellowsException.data(
                "split %s of source %s holds class %s, which split train %s"
                    .formatted(
                        split.getKey(),
                        root,
                        name,
                        UnicodeSpelling.lacking(name, splits.get(TRAIN).readable().keySet())));
          }
        }
      }
    }
    return List.copyOf(union);
  }

  /** Shards are named after their split, and Hadoop has no file of such a name. */
  private void requireSplitName(String split) {
    if (split.contains(":")) {
      throw BellowsException.data(
          "split folder %s of source %s has a colon in its name, which the names of its shards cannot have; rename it"
              .formatted(split, root));
    }
  }

  private void refuseImage(FolderEntry entry, String folder, String expected) {
    if (entry.isFile() && EntryNameRules.isImage(entry.name())) {
      throw BellowsException.data(
          "image %s/%s of source %s does not lie in a class folder, expected %s%s"
              .formatted(folder, entry.name(), root, expected, entry.name()));
    }
  }
}
