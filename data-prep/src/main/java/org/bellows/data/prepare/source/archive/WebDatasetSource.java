// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source.archive;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.bellows.conf.BellowsException;
import org.bellows.conf.SourceSettings;
import org.bellows.conf.SourceSettings.Format;
import org.bellows.data.prepare.source.part.ClassLabels;
import org.bellows.data.prepare.source.part.EntryNameRules;
import org.bellows.data.prepare.source.part.RemainingEntries;
import org.bellows.data.prepare.source.part.Source;
import org.bellows.data.prepare.source.part.SourcePart;
import org.bellows.data.prepare.source.part.SplitNames;
import org.bellows.data.storage.FolderEntries;
import org.bellows.data.storage.FolderEntry;

/**
 * Shards of WebDataset: tar archives in which files of one name up to the first dot are a sample
 * (Aizman, Maltby and Breuel, "High Performance I/O For Large Scale Deep Learning", 2019). They are
 * in the folder itself, or in a folder a split. A part is a shard; images are read in place, or
 * carried where it is compressed.
 */
public final class WebDatasetSource {
  private static final int RGB = 3;
  private static final String SHARD = ".tar";

  /** Compressed by what is not read. */
  private static final List<String> OTHERS = List.of(".tar.bz2", ".tar.xz");

  private final FileSystem files;
  private final Path root;
  private final SourceSettings settings;
  private final List<SourcePart> parts = new ArrayList<>();

  /** Of the shards, relative to the root. */
  private final Set<String> paths = new HashSet<>();

  /** Whether some are. */
  private boolean areCompressed;

  public WebDatasetSource(FileSystem files, Path root, SourceSettings settings) {
    this.files = files;
    this.root = root;
    this.settings = settings;
  }

  /** Whether a file is a shard by its name. One that cannot be read is found, to be refused. */
  public static boolean isShard(Path file) {
    String name = file.getName();
    return (name.endsWith(SHARD) && !ImageNetSource.isArchive(file))
        || TarStream.isOne(name)
        || OTHERS.stream().anyMatch(name::endsWith);
  }

  /** Whether a folder that is named as a split has shards. */
  public static boolean isUsual(FileSystem files, Path root, List<String> folders)
      throws IOException {
    for (String folder : folders) {
      if (SplitNames.isUsual(folder)) {
        List<FolderEntry> entries = FolderEntries.all(files, new Path(root, folder));
        if (entries.stream().anyMatch(entry -> isShard(entry, new Path(root, folder)))) {
          return true;
        }
      }
    }
    return false;
  }

  /**
   * @param entries of the root
   */
  public Source list(List<FolderEntry> entries) throws IOException {
    Set<String> read = new HashSet<>(Set.of(ClassLabels.FILE));
    for (FolderEntry entry : entries) {
      if (isShard(entry, root)) {
        read.add(entry.name());
        addShard(root, "", entry, SplitNames.inName(entry.name(), settings.defaultSplit()));
      } else if (EntryNameRules.passedOver(entry.name()) == null
          && entry.problem() == null
          && entry.isFolder()
          && addFolder(entry.name())) {
        read.add(entry.name());
      }
    }
    if (parts.isEmpty()) {
      throw BellowsException.data(
          "source %s holds no shards (*.tar), neither itself nor a folder in it".formatted(root));
    }
    parts.add(new RemainingEntries(root.toString(), "", null, read));
    return new Source(
        root.toString(),
        Format.WEBDATASET,
        RGB,
        areCompressed,
        List.of(),
        ClassLabels.fromFolder(files, root),
        parts);
  }

  /** Whether the folder has shards; it is the split then. */
  private boolean addFolder(String name) throws IOException {
    Path folder = new Path(root, name);
    Set<String> shards = new HashSet<>();
    for (FolderEntry entry : FolderEntries.all(files, folder)) {
      if (isShard(entry, folder)) {
        if (!SplitNames.isValid(name)) {
          throw BellowsException.data("source %s %s".formatted(folder, SplitNames.problem(name)));
        }
        shards.add(entry.name());
        addShard(folder, name + "/", entry, name);
      }
    }
    if (!shards.isEmpty()) {
      parts.add(new RemainingEntries(folder.toString(), name + "/", name, shards));
    }
    return !shards.isEmpty();
  }

  private void addShard(Path folder, String prefix, FolderEntry entry, String split) {
    RemainingEntries.requireReadable(folder.toString(), entry);
    String plain = TarStream.plainName(entry.name());
    if (!plain.endsWith(SHARD)) {
      throw BellowsException.data(
          "%s/%s is compressed in a way that is not read; decompress it to a .tar, or compress it as .tar.gz or .tar.zst"
              .formatted(folder, entry.name()));
    }
    String path = prefix + plain;
    if (!paths.add(path)) {
      throw BellowsException.data(
          "source %s holds %s twice, once compressed; remove one of the two".formatted(root, path));
    }
    areCompressed |= TarStream.isOne(entry.name());
    parts.add(
        new WebDatasetShard(
            folder + "/" + entry.name(), path, split, WebDatasetFields.of(settings)));
  }

  private static boolean isShard(FolderEntry entry, Path folder) {
    return EntryNameRules.passedOver(entry.name()) == null
        && !entry.isFolder()
        && isShard(new Path(folder + "/" + entry.name()));
  }
}
