package org.bellows.data.prepare.source;

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
import org.bellows.conf.Settings.SourceFormat;
import org.bellows.data.storage.FolderEntries;
import org.bellows.data.storage.FolderEntry;

/**
 * An ImageNet-style tree: split/class/*.jpg, *.jpeg, *.png in any case. A part is a class folder,
 * or what a folder holds beside folders.
 */
final class TreeSource {
  private static final String TRAIN = "train";
  private static final int RGB = 3;

  private final FileSystem files;
  private final String root;

  TreeSource(FileSystem files, Path root) {
    this.files = files;
    this.root = root.toString();
  }

  /** A split's class folders, those that can be read and those that cannot, by name. */
  private record Classes(
      SortedMap<String, FolderEntry> readable, SortedMap<String, FolderEntry> badlyNamed) {
    Classes() {
      this(new TreeMap<>(SourceItem.BYTE_ORDER), new TreeMap<>(SourceItem.BYTE_ORDER));
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
  Source list(List<FolderEntry> entries) throws IOException {
    SortedMap<String, Classes> splits = new TreeMap<>(SourceItem.BYTE_ORDER);
    for (FolderEntry entry : entries) {
      if (EntryNames.passedOver(entry.name()) == null) {
        refuseImage(entry, root, "split/class/");
        if (entry.isFolder()) {
          requireSplitName(entry.name());
          splits.put(entry.name(), classes(entry.name()));
        }
      }
    }
    if (splits.isEmpty()) {
      throw BellowsException.data(
          "source " + root + " holds no split folders, expected split/class/*.jpg");
    }
    List<String> classes = classNames(splits);
    List<SourcePart> parts = new ArrayList<>();
    splits.forEach((split, of) -> of.readable().keySet().forEach(c -> parts.add(part(split, c))));
    // Behind all that is read: an image's place in the source does not depend on what is not.
    splits.forEach((split, of) -> of.badlyNamed().values().forEach(c -> parts.add(bad(split, c))));
    splits.forEach((split, of) -> parts.add(rest(split + "/", split, of.names())));
    parts.add(rest("", null, splits.keySet()));
    return new Source(
        root,
        SourceFormat.TREE,
        RGB,
        false,
        List.copyOf(splits.keySet()),
        ClassLabels.fixed(classes, classes),
        parts);
  }

  private Classes classes(String split) throws IOException {
    String place = root + "/" + split;
    Classes classes = new Classes();
    try (FolderEntries entries = FolderEntries.open(files, new Path(place))) {
      for (FolderEntry entry = entries.next(); entry != null; entry = entries.next()) {
        if (EntryNames.passedOver(entry.name()) == null) {
          refuseImage(entry, place, split + "/class/");
          if (entry.isFolder()) {
            (entry.problem() == null ? classes.readable() : classes.badlyNamed())
                .put(entry.name(), entry);
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

  private ClassFolder part(String split, String name) {
    String prefix = split + "/" + name + "/";
    return new ClassFolder(root + "/" + split + "/" + name, prefix, split, name, null, null);
  }

  private ClassFolder bad(String split, FolderEntry folder) {
    String prefix = split + "/" + folder.name() + "/";
    return new ClassFolder(
        root + "/" + split + "/" + folder.name(),
        prefix,
        split,
        folder.name(),
        folder.raw(),
        folder.problem().reason());
  }

  private RestOfFolder rest(String prefix, String split, Set<String> read) {
    return new RestOfFolder(split == null ? root : root + "/" + split, prefix, split, read);
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
                "split %s of source %s holds class %s, which split train does not"
                    .formatted(split.getKey(), root, name));
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
    if (entry.isFile() && EntryNames.isImage(entry.name())) {
      throw BellowsException.data(
          "image %s/%s of source %s does not lie in a class folder, expected %s%s"
              .formatted(folder, entry.name(), root, expected, entry.name()));
    }
  }
}
