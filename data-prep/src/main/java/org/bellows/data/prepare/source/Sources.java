package org.bellows.data.prepare.source;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.Predicate;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.bellows.conf.BellowsException;
import org.bellows.conf.Settings;
import org.bellows.conf.Settings.SourceFormat;
import org.bellows.data.storage.Storage;

/** Finds out what lies at {@code source.path}: the one place that knows all kinds of source. */
public final class Sources {
  private static final String PARQUET_MAGIC = "50415231";
  private static final String SEQUENCE_FILE_MAGIC = "534551";
  private static final String KINDS =
      "split folders (split/class/*.jpg), IDX files (train-images-idx3-ubyte), ILSVRC2012 archives (%s), a manifest (%s, %s), CIFAR files (data_batch_1.bin, train.bin), Parquet (*.parquet) or sequence files (part-*)"
          .formatted(ImageNetSource.TRAIN_ARCHIVE, ManifestSource.CSV, ManifestSource.JSONL);

  private final FileSystem files;
  private final Settings.Source settings;

  private Sources(FileSystem files, Settings.Source settings) {
    this.files = files;
    this.settings = settings;
  }

  /**
   * @throws BellowsException (data) when it is missing or its top is not laid out as its format
   *     demands
   */
  public static Source find(Configuration hadoop, Settings.Source settings) {
    Path root = Storage.qualify(settings.path());
    FileSystem files = Storage.fileSystem(hadoop, root);
    try {
      return new Sources(files, settings).find(files.getFileStatus(root));
    } catch (FileNotFoundException e) {
      throw BellowsException.data("source " + root + " does not exist", e);
    } catch (IOException e) {
      throw Storage.failure("reading source " + root, e);
    }
  }

  /** Hidden by convention of Hadoop's own file input formats. */
  static boolean isHidden(Path path) {
    return path.getName().startsWith(".") || path.getName().startsWith("_");
  }

  static boolean startsWith(FileSystem files, Path file, String magic) throws IOException {
    byte[] expected = HexFormat.of().parseHex(magic);
    try (InputStream in = files.open(file)) {
      return Arrays.equals(in.readNBytes(expected.length), expected);
    }
  }

  private Source find(FileStatus root) throws IOException {
    Path path = root.getPath();
    FileStatus[] entries = root.isDirectory() ? files.listStatus(path) : new FileStatus[] {root};
    SourceFormat format = settings.format();
    if (format == SourceFormat.AUTO) {
      format = root.isDirectory() ? detect(path, entries) : detectFile(path);
    }
    if (!root.isDirectory()) {
      requireFileFormat(path, format);
    }
    return switch (format) {
      case TREE -> new TreeSource(files, path).list(entries);
      case IDX -> new IdxSource(files, path).list(entries);
      case IMAGENET -> new ImageNetSource(files, path).list(entries);
      case CSV, JSONL -> new ManifestSource(files, settings, format).list(root);
      case CIFAR10, CIFAR100 -> new CifarSource(files, path, settings, format).list(entries);
      case PARQUET, SEQUENCEFILE -> new TableSource(files, root, settings, format).list(entries);
      case AUTO -> throw new IllegalStateException("the format of " + path + " was not detected");
    };
  }

  private SourceFormat detect(Path root, FileStatus[] entries) throws IOException {
    if (any(entries, entry -> IdxSource.isIdx(entry.getPath()))) {
      return SourceFormat.IDX;
    }
    if (any(entries, entry -> ImageNetSource.isArchive(entry.getPath()))) {
      return SourceFormat.IMAGENET;
    }
    if (any(entries, entry -> entry.getPath().getName().equals(ManifestSource.CSV))) {
      return SourceFormat.CSV;
    }
    if (any(entries, entry -> entry.getPath().getName().equals(ManifestSource.JSONL))) {
      return SourceFormat.JSONL;
    }
    if (any(entries, entry -> CifarSource.isCifar10(entry.getPath()))) {
      return SourceFormat.CIFAR10;
    }
    if (any(entries, entry -> CifarSource.isCifar100(entry.getPath()))) {
      return SourceFormat.CIFAR100;
    }
    for (FileStatus entry : entries) {
      if (entry.isFile() && TableSource.isTable(entry.getPath())) {
        if (startsWith(files, entry.getPath(), PARQUET_MAGIC)) {
          return SourceFormat.PARQUET;
        }
        if (startsWith(files, entry.getPath(), SEQUENCE_FILE_MAGIC)) {
          return SourceFormat.SEQUENCEFILE;
        }
      }
    }
    Predicate<FileStatus> isFolder = entry -> entry.isDirectory() && !isHidden(entry.getPath());
    if (any(entries, entry -> isFolder.test(entry) || TreeSource.isImage(entry.getPath()))) {
      return SourceFormat.TREE;
    }
    throw BellowsException.data("source %s holds none of these: %s".formatted(root, KINDS));
  }

  private SourceFormat detectFile(Path file) throws IOException {
    if (file.getName().endsWith(".csv")) {
      return SourceFormat.CSV;
    }
    if (file.getName().endsWith(".jsonl")) {
      return SourceFormat.JSONL;
    }
    if (startsWith(files, file, PARQUET_MAGIC)) {
      return SourceFormat.PARQUET;
    }
    if (startsWith(files, file, SEQUENCE_FILE_MAGIC)) {
      return SourceFormat.SEQUENCEFILE;
    }
    throw BellowsException.data(
        "source %s is a file, expected a folder, a manifest (*.csv, *.jsonl), a Parquet file or a sequence file"
            .formatted(file));
  }

  private static void requireFileFormat(Path file, SourceFormat format) {
    switch (format) {
      case CSV, JSONL, PARQUET, SEQUENCEFILE -> {}
      default -> throw BellowsException.data("source " + file + " is a file, expected a folder");
    }
  }

  private static boolean any(FileStatus[] entries, Predicate<FileStatus> test) {
    return Arrays.stream(entries).anyMatch(test);
  }
}
