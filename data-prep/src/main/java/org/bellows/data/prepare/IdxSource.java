package org.bellows.data.prepare;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.bellows.conf.BellowsException;
import org.bellows.conf.Settings.SourceFormat;
import org.bellows.data.prepare.Source.SourceSplit;

/**
 * Lists a folder of IDX files as MNIST and Fashion-MNIST come: train-images-idx3-ubyte[.gz] and so
 * on. The files are read through once, so that a truncated one is found before the job starts.
 */
final class IdxSource {
  private static final String CLASSES_FILE = "classes.txt";
  private static final Map<String, String> SPLITS = new LinkedHashMap<>();

  static {
    SPLITS.put("train", "train");
    SPLITS.put("t10k", "test");
  }

  private final FileSystem files;
  private final Path root;

  IdxSource(FileSystem files, Path root) {
    this.files = files;
    this.root = root;
  }

  static boolean isIdx(Path path) {
    return path.getName().matches("(train|t10k)-images[-.]idx3-ubyte(\\.gz)?");
  }

  /**
   * @param entries of the root
   */
  Source list(FileStatus[] entries) throws IOException {
    List<String> names = Arrays.stream(entries).map(entry -> entry.getPath().getName()).toList();
    List<SourceSplit> splits = new ArrayList<>();
    for (Map.Entry<String, String> split : SPLITS.entrySet()) {
      Optional<String> images = find(names, split.getKey() + "-images", "idx3");
      if (images.isPresent()) {
        String labels =
            find(names, split.getKey() + "-labels", "idx1")
                .orElseThrow(
                    () ->
                        BellowsException.data(
                            "source %s holds %s but no %s-labels-idx1-ubyte"
                                .formatted(root, images.get(), split.getKey())));
        splits.add(split(split.getValue(), images.get(), labels));
      }
    }
    if (splits.isEmpty()) {
      throw BellowsException.data(
          "source %s holds no IDX files: neither train-images-idx3-ubyte[.gz] nor t10k-images-idx3-ubyte[.gz]"
              .formatted(root));
    }
    return new Source(root, SourceFormat.IDX, classes(names, splits), 1, splits);
  }

  /** The plain file where both it and its gzipped form are there. */
  private static Optional<String> find(List<String> names, String prefix, String type) {
    String pattern = prefix + "[-.]" + type + "-ubyte(\\.gz)?";
    return names.stream().filter(name -> name.matches(pattern)).sorted().findFirst();
  }

  private SourceSplit split(String name, String imagesName, String labelsName) throws IOException {
    byte[] labels = labels(new Path(root, labelsName));
    Path path = new Path(root, imagesName);
    try (IdxFile images = new IdxFile(files, path, 3)) {
      int[] dimensions = images.dimensions();
      if (dimensions[0] != labels.length) {
        throw BellowsException.data(
            "%s holds %d images, but %s holds %d labels"
                .formatted(path, dimensions[0], labelsName, labels.length));
      }
      long bytes = (long) dimensions[1] * dimensions[2];
      images.skipFully(bytes * dimensions[0]);
      images.requireEnd();
      String file = imagesName.replaceFirst("\\.gz$", "");
      List<SourceItem> items = new ArrayList<>(labels.length);
      for (int i = 0; i < labels.length; i++) {
        items.add(new SourceItem(file + "#" + i, bytes, labels[i] & 0xFF, i));
      }
      items.sort(Comparator.comparing(SourceItem::path, SourceItem.BYTE_ORDER));
      IdxLayout layout = new IdxLayout(path.toString(), dimensions[1], dimensions[2]);
      return new SourceSplit(name, layout, items);
    }
  }

  private byte[] labels(Path path) throws IOException {
    try (IdxFile file = new IdxFile(files, path, 1)) {
      byte[] labels = new byte[file.count()];
      file.readFully(labels);
      file.requireEnd();
      return labels;
    }
  }

  private List<String> classes(List<String> names, List<SourceSplit> splits) throws IOException {
    int count =
        1
            + splits.stream()
                .flatMap(split -> split.items().stream())
                .mapToInt(SourceItem::label)
                .max()
                .orElseThrow();
    if (!names.contains(CLASSES_FILE)) {
      return IntStream.range(0, count).mapToObj(Integer::toString).toList();
    }
    Path path = new Path(root, CLASSES_FILE);
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(files.open(path), StandardCharsets.UTF_8))) {
      List<String> classes =
          reader.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
      if (classes.size() < count) {
        throw BellowsException.data(
            "%s names %d classes, but there are labels up to %d"
                .formatted(path, classes.size(), count - 1));
      }
      if (classes.stream().collect(Collectors.toSet()).size() < classes.size()) {
        throw BellowsException.data(path + " names a class twice");
      }
      return classes;
    }
  }
}
