package org.bellows.data.prepare;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.bellows.conf.BellowsException;
import org.bellows.conf.Settings.SourceFormat;
import org.bellows.data.prepare.Source.SourceSplit;

/** Lists an ImageNet-style tree: split/class/*.jpg, *.jpeg, *.png in any case. */
final class TreeSource {
  private static final List<String> EXTENSIONS = List.of(".jpg", ".jpeg", ".png");
  private static final String TRAIN = "train";
  private static final int RGB = 3;

  private final FileSystem files;
  private final Path root;

  TreeSource(FileSystem files, Path root) {
    this.files = files;
    this.root = root;
  }

  static boolean isImage(Path path) {
    String name = path.getName().toLowerCase(Locale.ROOT);
    return EXTENSIONS.stream().anyMatch(name::endsWith);
  }

  /**
   * @param entries of the root
   */
  Source list(FileStatus[] entries) throws IOException {
    refuseImages(entries, "split/class/");
    SortedMap<String, SortedMap<String, List<FileStatus>>> splits =
        new TreeMap<>(SourceItem.BYTE_ORDER);
    for (FileStatus split : folders(entries)) {
      splits.put(split.getPath().getName(), classes(split));
    }
    if (splits.isEmpty()) {
      throw BellowsException.data(
          "source " + root + " holds no split folders, expected split/class/*.jpg");
    }
    List<String> classes = classNames(splits);
    List<SourceSplit> listed = new ArrayList<>();
    splits.forEach((name, content) -> listed.add(split(name, content, classes)));
    return new Source(root, SourceFormat.TREE, classes, RGB, listed);
  }

  private SortedMap<String, List<FileStatus>> classes(FileStatus split) throws IOException {
    FileStatus[] entries = files.listStatus(split.getPath());
    refuseImages(entries, split.getPath().getName() + "/class/");
    SortedMap<String, List<FileStatus>> classes = new TreeMap<>(SourceItem.BYTE_ORDER);
    for (FileStatus folder : folders(entries)) {
      classes.put(folder.getPath().getName(), images(split.getPath().getName(), folder));
    }
    if (classes.isEmpty()) {
      throw BellowsException.data(
          "split %s of source %s holds no class folders, expected %s/class/*.jpg"
              .formatted(split.getPath().getName(), root, split.getPath().getName()));
    }
    return classes;
  }

  private List<FileStatus> images(String split, FileStatus folder) throws IOException {
    List<FileStatus> images = new ArrayList<>();
    FileStatus[] entries = files.listStatus(folder.getPath());
    for (FileStatus entry : entries) {
      if (entry.isDirectory() && !Sources.isHidden(entry.getPath())) {
        throw BellowsException.data(
            "%s is a folder, expected an image: a class folder %s/%s holds files only"
                .formatted(entry.getPath(), split, folder.getPath().getName()));
      }
      if (entry.isFile() && isImage(entry.getPath()) && !Sources.isHidden(entry.getPath())) {
        images.add(entry);
      }
    }
    if (images.isEmpty()) {
      throw BellowsException.data(
          "class %s of split %s of source %s has no images (*.jpg, *.jpeg, *.png); the folder holds %d other files"
              .formatted(folder.getPath().getName(), split, root, entries.length));
    }
    return images;
  }

  /**
   * A class that training never sees cannot be learned; without a train split all classes count.
   */
  private List<String> classNames(SortedMap<String, SortedMap<String, List<FileStatus>>> splits) {
    TreeSet<String> union = new TreeSet<>(SourceItem.BYTE_ORDER);
    splits.values().forEach(classes -> union.addAll(classes.keySet()));
    if (splits.containsKey(TRAIN)) {
      for (Map.Entry<String, SortedMap<String, List<FileStatus>>> split : splits.entrySet()) {
        for (String name : split.getValue().keySet()) {
          if (!splits.get(TRAIN).containsKey(name)) {
            throw BellowsException.data(
                "split %s of source %s holds class %s, which split train does not"
                    .formatted(split.getKey(), root, name));
          }
        }
      }
    }
    return List.copyOf(union);
  }

  private SourceSplit split(
      String name, SortedMap<String, List<FileStatus>> content, List<String> classes) {
    List<SourceItem> items = new ArrayList<>();
    for (Map.Entry<String, List<FileStatus>> entry : content.entrySet()) {
      int label = classes.indexOf(entry.getKey());
      for (FileStatus image : entry.getValue()) {
        String path = name + "/" + entry.getKey() + "/" + image.getPath().getName();
        items.add(new SourceItem(path, image.getLen(), label, 0));
      }
    }
    items.sort(Comparator.comparing(SourceItem::path, SourceItem.BYTE_ORDER));
    return new SourceSplit(name, new TreeLayout(root.toString()), items);
  }

  private List<FileStatus> folders(FileStatus[] entries) {
    return Arrays.stream(entries)
        .filter(entry -> entry.isDirectory() && !Sources.isHidden(entry.getPath()))
        .toList();
  }

  private void refuseImages(FileStatus[] entries, String expected) {
    for (FileStatus entry : entries) {
      if (entry.isFile() && isImage(entry.getPath())) {
        throw BellowsException.data(
            "image %s of source %s does not lie in a class folder, expected %s%s"
                .formatted(entry.getPath(), root, expected, entry.getPath().getName()));
      }
    }
  }
}
