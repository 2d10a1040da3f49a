package org.bellows.data.prepare;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Arrays;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.bellows.conf.BellowsException;
import org.bellows.conf.Settings;
import org.bellows.conf.Settings.SourceFormat;
import org.bellows.data.storage.Storage;

/** Finds out what lies at {@code source.path}: the one place that knows all kinds of source. */
final class Sources {
  private Sources() {}

  /**
   * @throws BellowsException (data) when it is missing or not laid out as its format demands
   */
  static Source list(Configuration hadoop, Settings.Source settings) {
    Path root = Storage.qualify(settings.path());
    FileSystem files = Storage.fileSystem(hadoop, root);
    try {
      if (!files.getFileStatus(root).isDirectory()) {
        throw BellowsException.data("source " + root + " is a file, expected a folder");
      }
      FileStatus[] entries = files.listStatus(root);
      SourceFormat format =
          settings.format() == SourceFormat.AUTO ? detect(root, entries) : settings.format();
      return format == SourceFormat.IDX
          ? new IdxSource(files, root).list(entries)
          : new TreeSource(files, root).list(entries);
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

  private static SourceFormat detect(Path root, FileStatus[] entries) {
    if (Arrays.stream(entries).anyMatch(entry -> IdxSource.isIdx(entry.getPath()))) {
      return SourceFormat.IDX;
    }
    if (Arrays.stream(entries)
        .anyMatch(
            entry ->
                entry.isDirectory() && !isHidden(entry.getPath())
                    || TreeSource.isImage(entry.getPath()))) {
      return SourceFormat.TREE;
    }
    throw BellowsException.data(
        "source %s holds neither split folders (split/class/*.jpg) nor IDX files (train-images-idx3-ubyte)"
            .formatted(root));
  }
}
