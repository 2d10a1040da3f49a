package org.bellows.data.prepare.source;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.bellows.conf.BellowsException;
import org.bellows.conf.Settings.SourceFormat;
import org.bellows.data.prepare.source.ItemContent.WholeFile;
import org.bellows.data.storage.Storage;

/**
 * An ImageNet-style tree: split/class/*.jpg, *.jpeg, *.png in any case. A part is a class folder.
 */
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
    SortedMap<String, SortedSet<String>> splits = new TreeMap<>(SourceItem.BYTE_ORDER);
    for (FileStatus split : folders(entries)) {
      splits.put(split.getPath().getName(), classes(split));
    }
    if (splits.isEmpty()) {
      throw BellowsException.data(
          "source " + root + " holds no split folders, expected split/class/*.jpg");
    }
    List<String> classes = classNames(splits);
    List<SourcePart> parts = new ArrayList<>();
    splits.forEach(
        (split, names) ->
            names.forEach(name -> parts.add(new ClassFolder(root.toString(), split, name))));
    return new Source(
        root.toString(),
        SourceFormat.TREE,
        RGB,
        false,
        List.copyOf(splits.keySet()),
        ClassLabels.fixed(classes, classes),
        parts);
  }

  private SortedSet<String> classes(FileStatus split) throws IOException {
    FileStatus[] entries = files.listStatus(split.getPath());
    refuseImages(entries, split.getPath().getName() + "/class/");
    SortedSet<String> classes = new TreeSet<>(SourceItem.BYTE_ORDER);
    folders(entries).forEach(folder -> classes.add(folder.getPath().getName()));
    if (classes.isEmpty()) {
      throw BellowsException.data(
          "split %s of source %s holds no class folders, expected %s/class/*.jpg"
              .formatted(split.getPath().getName(), root, split.getPath().getName()));
    }
    return classes;
  }

  /**
   * A class that training never sees cannot be learned; without a train split all classes count.
   */
  private List<String> classNames(SortedMap<String, SortedSet<String>> splits) {
    TreeSet<String> union = new TreeSet<>(SourceItem.BYTE_ORDER);
    splits.values().forEach(union::addAll);
    if (splits.containsKey(TRAIN)) {
      for (Map.Entry<String, SortedSet<String>> split : splits.entrySet()) {
        for (String name : split.getValue()) {
          if (!splits.get(TRAIN).contains(name)) {
            throw BellowsException.data(
                "split %s of source %s holds class %s, which split train does not"
                    .formatted(split.getKey(), root, name));
          }
        }
      }
    }
    return List.copyOf(union);
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

  private record ClassFolder(String root, String split, String name) implements SourcePart {
    @Override
    public String place() {
      return root + "/" + split + "/" + name;
    }

    @Override
    public ItemIterator open(Configuration hadoop, boolean withContent) throws IOException {
      Path folder = new Path(place());
      RemoteIterator<FileStatus> entries =
          Storage.fileSystem(hadoop, folder).listStatusIterator(folder);
      return new ItemIterator() {
        private long images;
        private long others;

        @Override
        protected SourceItem advance() throws IOException {
          while (entries.hasNext()) {
            FileStatus entry = entries.next();
            if (isItem(entry)) {
              images++;
              return item(entry);
            }
            others++;
          }
          if (images == 0) {
            throw BellowsException.data(
                "class %s of split %s of source %s has no images (*.jpg, *.jpeg, *.png); the folder holds %d other files"
                    .formatted(name, split, root, others));
          }
          return null;
        }
      };
    }

    private boolean isItem(FileStatus entry) {
      if (entry.isDirectory() && !Sources.isHidden(entry.getPath())) {
        throw BellowsException.data(
            "%s is a folder, expected an image: a class folder %s/%s holds files only"
                .formatted(entry.getPath(), split, name));
      }
      return entry.isFile() && isImage(entry.getPath()) && !Sources.isHidden(entry.getPath());
    }

    private SourceItem item(FileStatus entry) {
      String path = split + "/" + name + "/" + entry.getPath().getName();
      return SourceItem.of(split, path, name, entry.getLen(), new WholeFile(root + "/" + path));
    }
  }
}
