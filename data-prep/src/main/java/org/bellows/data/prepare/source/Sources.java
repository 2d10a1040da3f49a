// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.bellows.conf.BellowsException;
import org.bellows.conf.SourceSettings;
import org.bellows.conf.SourceSettings.Format;
import org.bellows.data.prepare.source.archive.ImageNetSource;
import org.bellows.data.prepare.source.archive.WebDatasetSource;
import org.bellows.data.prepare.source.binary.CifarSource;
import org.bellows.data.prepare.source.binary.IdxSource;
import org.bellows.data.prepare.source.pairs.PairsSource;
import org.bellows.data.prepare.source.pairs.PictureFoldersSource;
import org.bellows.data.prepare.source.part.ClassLabels;
import org.bellows.data.prepare.source.part.EntryNameRules;
import org.bellows.data.prepare.source.part.FileMagic;
import org.bellows.data.prepare.source.part.RemainingEntries;
import org.bellows.data.prepare.source.part.Source;
import org.bellows.data.prepare.source.part.SourceItem;
import org.bellows.data.prepare.source.part.SourcePart;
import org.bellows.data.prepare.source.table.ListSource;
import org.bellows.data.prepare.source.table.ManifestSource;
import org.bellows.data.prepare.source.table.TableSource;
import org.bellows.data.prepare.source.tree.TreeSource;
import org.bellows.data.storage.FolderEntries;
import org.bellows.data.storage.FolderEntry;
import org.bellows.data.storage.Storage;

/** Detects the format of {@code source.path}: the one place that knows all kinds of source. */
public final class Sources {
  private static final String PARQUET_MAGIC = "50415231";
  private static final String SEQUENCE_FILE_MAGIC = "534551";

  /** Its readers are native libraries of their own, one for each processor and system. */
  private static final String LMDB = "data.mdb";

  private static final String KINDS =
      "split folders (split/class/*.jpg), class folders (class/*.jpg), pictures and masks (train and trainannot, images and masks, VOC's lists), IDX files (train-images-idx3-ubyte), ILSVRC2012 archives (%s), WebDataset's shards (*.tar), a manifest (%s, %s), CIFAR files (data_batch_1.bin, train.bin), Parquet (*.parquet), TFRecord (*.tfrecord) or sequence files (part-*)"
          .formatted(ImageNetSource.TRAIN_ARCHIVE, ManifestSource.CSV, ManifestSource.JSONL);

  /** Beside files of images, what tells of their classes. */
  private static final Set<String> DESCRIPTIONS =
      Set.of(
          ClassLabels.FILE, "batches.meta.txt", "coarse_label_names.txt", "fine_label_names.txt");

  private final FileSystem files;
  private final SourceSettings settings;

  private Sources(FileSystem files, SourceSettings settings) {
    this.files = files;
    this.settings = settings;
  }

  /**
   * @throws BellowsException (data) when it is missing or its top is not laid out as its format
   *     demands
   */
  public static Source find(Configuration hadoop, SourceSettings settings) {
    if (settings.format() == Format.SPARK) {
      throw BellowsException.configuration(
          "source.format is spark, which prepare alone reads; of a DataFrame, ImageFeatures, ImageLabelMaps and the models of ImageClassifier and ImageSegmenter compute features and classes");
    }
    Path root = Storage.qualify(settings.path());
    if (Storage.isSpecial(root)) {
      throw BellowsException.data(
          "source %s is a pipe, socket or device, expected a folder or a file".formatted(root));
    }
    FileSystem files = Storage.fileSystem(hadoop, root);
    try {
      return new Sources(files, settings).find(files.getFileStatus(root));
    } catch (FileNotFoundException e) {
      throw BellowsException.data("source " + root + " does not exist", e);
    } catch (IOException e) {
      throw Storage.failure("reading source " + root, e);
    }
  }

  private Source find(FileStatus root) throws IOException {
    return root.isDirectory() ? findIn(root) : findFile(root);
  }

  private Source findFile(FileStatus file) throws IOException {
    Path path = file.getPath();
    Format format = settings.format();
    if (format == Format.AUTO) {
      format = detectFile(path);
    }
    requireFileFormat(path, format);
    return list(file, new FileStatus[] {file}, format);
  }

  private Source findIn(FileStatus root) throws IOException {
    Path path = root.getPath();
    List<FolderEntry> all = FolderEntries.all(files, path);
    requireNoPipes(path, all);
    FileStatus[] entries = visible(path, all);
    Format format = settings.format();
    if (format == Format.AUTO) {
      format = detect(path, entries);
    }
    return switch (format) {
      case TREE -> {
        requireReadable(path, all, FolderEntry::isFolder);
        yield new TreeSource(files, path, settings.defaultSplit()).list(all);
      }
      case PAIRS -> new PairsSource(files, path, settings).list(folders(all));
      case PICTURE_FOLDERS ->
          new PictureFoldersSource(files, path, settings.defaultSplit()).list(folders(all));
      case LISTS -> new ListSource(files, path, settings).list();
      case WEBDATASET -> new WebDatasetSource(files, path, settings).list(all);
      // The manifest says what belongs to the source.
      case CSV, JSONL -> list(root, entries, format);
      default -> {
        requireReadable(path, all, entry -> !entry.isFolder());
        yield withRest(list(root, entries, format), entries);
      }
    };
  }

  /** A reader that opened a pipe in place of a list would wait for ever. */
  private static void requireNoPipes(Path root, List<FolderEntry> entries) {
    for (FolderEntry entry : entries) {
      boolean isList =
          DESCRIPTIONS.contains(entry.name())
              || entry.name().equals(ManifestSource.CSV)
              || entry.name().equals(ManifestSource.JSONL)
              || ImageNetSource.isRead(entry.name());
      if (isList && entry.type() == FolderEntry.Type.OTHER) {
        throw BellowsException.data(
            "%s in source %s %s; mend or remove it"
                .formatted(entry.name(), root, entry.problem().reason()));
      }
    }
  }

  /** The entries that may be read, by name and by kind. */
  private static FileStatus[] visible(Path root, List<FolderEntry> entries) {
    return entries.stream()
        .filter(entry -> EntryNameRules.passedOver(entry.name()) == null && entry.problem() == null)
        .map(
            entry ->
                new FileStatus(
                    entry.bytes(), entry.isFolder(), 1, 0, 0, new Path(root + "/" + entry.name())))
        .toArray(FileStatus[]::new);
  }

  /**
   * @param isRead the entries that the format reads, of any name
   */
  private static void requireReadable(
      Path root, List<FolderEntry> entries, Predicate<FolderEntry> isRead) {
    for (FolderEntry entry : entries) {
      boolean isUnknown = entry.type() == FolderEntry.Type.OTHER;
      if (EntryNameRules.passedOver(entry.name()) == null && (isUnknown || isRead.test(entry))) {
        RemainingEntries.requireReadable(root.toString(), entry);
      }
    }
  }

  /** A folder of files: the others in it are counted, those that are read or describe them not. */
  private static Source withRest(Source source, FileStatus[] entries) {
    Set<String> read = new HashSet<>(DESCRIPTIONS);
    source.parts().forEach(part -> read.addAll(part.names()));
    Arrays.stream(entries)
        .map(entry -> entry.getPath().getName())
        .filter(name -> source.format() == Format.IMAGENET && ImageNetSource.isRead(name))
        .forEach(read::add);
    List<SourcePart> parts = new ArrayList<>(source.parts());
    parts.add(new RemainingEntries(source.root(), "", null, read));
    return source.with(parts);
  }

  private Source list(FileStatus root, FileStatus[] entries, Format format) throws IOException {
    Path path = root.getPath();
    return switch (format) {
      case IDX -> new IdxSource(files, path).list(entries);
      case IMAGENET -> new ImageNetSource(files, path).list(entries);
      case CSV, JSONL -> new ManifestSource(files, settings, format).list(root);
      case CIFAR10, CIFAR100 -> new CifarSource(files, path, settings, format).list(entries);
      case PARQUET, SEQUENCEFILE, TFRECORD ->
          new TableSource(files, root, settings, format).list(entries);
      case TREE, PAIRS, PICTURE_FOLDERS, LISTS, WEBDATASET, SPARK, AUTO ->
          throw new IllegalStateException(path + " is listed as " + format);
    };
  }

  private Format detect(Path root, FileStatus[] entries) throws IOException {
    if (any(entries, entry -> IdxSource.isIdx(entry.getPath()))) {
      return Format.IDX;
    }
    if (any(entries, entry -> ImageNetSource.isArchive(entry.getPath()))) {
      return Format.IMAGENET;
    }
    if (any(entries, entry -> entry.isFile() && WebDatasetSource.isShard(entry.getPath()))) {
      return Format.WEBDATASET;
    }
    if (any(entries, entry -> entry.getPath().getName().equals(ManifestSource.CSV))) {
      return Format.CSV;
    }
    if (any(entries, entry -> entry.getPath().getName().equals(ManifestSource.JSONL))) {
      return Format.JSONL;
    }
    if (any(entries, entry -> CifarSource.isCifar10(entry.getPath()))) {
      return Format.CIFAR10;
    }
    if (any(entries, entry -> CifarSource.isCifar100(entry.getPath()))) {
      return Format.CIFAR100;
    }
    for (FileStatus entry : entries) {
      if (entry.isFile() && TableSource.isTable(entry.getPath())) {
        if (FileMagic.startsWith(files, entry.getPath(), PARQUET_MAGIC)) {
          return Format.PARQUET;
        }
        if (FileMagic.startsWith(files, entry.getPath(), SEQUENCE_FILE_MAGIC)) {
          return Format.SEQUENCEFILE;
        }
        if (TableSource.isTfRecord(files, entry.getPath())) {
          return Format.TFRECORD;
        }
      }
    }
    List<String> folders = folders(entries);
    Optional<Format> masked = detectMasks(root, folders);
    if (masked.isPresent()) {
      return masked.get();
    }
    if (WebDatasetSource.isUsual(files, root, folders)) {
      return Format.WEBDATASET;
    }
    if (any(
        entries,
        entry -> entry.isDirectory() || EntryNameRules.isImage(entry.getPath().getName()))) {
      return Format.TREE;
    }
    if (any(entries, entry -> entry.getPath().getName().equals(LMDB))) {
      throw database(root);
    }
    throw BellowsException.data("source %s holds none of these: %s".formatted(root, KINDS));
  }

  /** Pictures with masks, as the names of folders say. */
  private Optional<Format> detectMasks(Path root, List<String> folders) throws IOException {
    if (ListSource.isVoc(files, root)) {
      return Optional.of(Format.LISTS);
    }
    boolean isStated = !settings.imageFolder().isBlank();
    if (isStated || PairsSource.isUsual(files, root, folders)) {
      return Optional.of(Format.PAIRS);
    }
    return PictureFoldersSource.isUsual(files, root, folders)
        ? Optional.of(Format.PICTURE_FOLDERS)
        : Optional.empty();
  }

  private static List<String> folders(FileStatus[] entries) {
    return Arrays.stream(entries)
        .filter(FileStatus::isDirectory)
        .map(entry -> entry.getPath().getName())
        .sorted(SourceItem.BYTE_ORDER)
        .toList();
  }

  private static List<String> folders(List<FolderEntry> entries) {
    return entries.stream()
        .filter(entry -> entry.isFolder() && entry.problem() == null)
        .map(FolderEntry::name)
        .filter(name -> EntryNameRules.passedOver(name) == null)
        .sorted(SourceItem.BYTE_ORDER)
        .toList();
  }

  private Format detectFile(Path file) throws IOException {
    if (file.getName().endsWith(".csv")) {
      return Format.CSV;
    }
    if (file.getName().endsWith(".jsonl")) {
      return Format.JSONL;
    }
    if (FileMagic.startsWith(files, file, PARQUET_MAGIC)) {
      return Format.PARQUET;
    }
    if (FileMagic.startsWith(files, file, SEQUENCE_FILE_MAGIC)) {
      return Format.SEQUENCEFILE;
    }
    if (TableSource.isTfRecord(files, file)) {
      return Format.TFRECORD;
    }
    if (file.getName().endsWith(".mdb")) {
      throw database(file);
    }
    throw BellowsException.data(
        "source %s is a file, expected a folder, a manifest (*.csv, *.jsonl), a Parquet, TFRecord or sequence file"
            .formatted(file));
  }

  private static BellowsException database(Path path) {
    return BellowsException.data(
        "source %s is a database of LMDB, which is not read; write its entries into WebDataset's shards (KEY.jpg and KEY.cls in *.tar) with the Python that reads it"
            .formatted(path));
  }

  private static void requireFileFormat(Path file, Format format) {
    switch (format) {
      case CSV, JSONL, PARQUET, SEQUENCEFILE, TFRECORD -> {}
      default -> throw BellowsException.data("source " + file + " is a file, expected a folder");
    }
  }

  private static boolean any(FileStatus[] entries, Predicate<FileStatus> test) {
    return Arrays.stream(entries).anyMatch(test);
  }
}
