// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.predict;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.bellows.conf.BellowsException;
import org.bellows.conf.SourceSettings;
import org.bellows.data.prepare.source.part.EntryNameRules;
import org.bellows.data.storage.FolderEntries;
import org.bellows.data.storage.FolderEntry;
import org.bellows.data.storage.Storage;

/** The image files of an argument of {@code predict}: a file, a folder or a glob. */
public final class ImageArguments {
  /** Endings of files that say more of the pictures beside them. */
  private static final List<String> DESCRIPTIONS =
      List.of(".txt", ".csv", ".jsonl", ".parquet", ".tar", ".json");

  private ImageArguments() {}

  /**
   * One file.
   *
   * @param name as a person would write it: the argument, or a local path without scheme
   * @param problem null, or why it cannot be read: a predicate
   */
  public record Image(String name, Path path, String problem) {
    Image(String name, Path path) {
      this(name, path, null);
    }
  }

  /**
   * The image files that were found.
   *
   * @param images in the order of their paths
   * @param passedOver entries of folders that are no images by their names, such as folders
   */
  public record Found(List<Image> images, int passedOver) {}

  /**
   * An existing path is taken literally, also if it looks like a glob. In a folder, files whose
   * names end as a picture's count, those of its subfolders do not.
   *
   * @throws BellowsException (data) when nothing is there or a folder holds no image
   */
  public static Found find(Configuration hadoop, String argument) {
    Path path = Storage.qualify(argument);
    FileSystem files = Storage.fileSystem(hadoop, path);
    try {
      FileStatus given = status(files, path);
      if (given != null && given.isFile()) {
        return new Found(List.of(new Image(argument, path)), 0);
      }
      if (given != null) {
        return inFolder(files, path);
      }
      FileStatus[] matches = files.globStatus(path);
      if (matches == null || matches.length == 0) {
        throw BellowsException.data("there is no image " + path);
      }
      return matched(files, matches);
    } catch (IOException e) {
      throw Storage.failure("reading " + path, e);
    } catch (IllegalArgumentException e) {
      // Hadoop's globs know no colon.
      throw BellowsException.data(
          "there is no image %s: as a glob it is malformed (%s)"
              .formatted(path, Storage.reason(e)));
    }
  }

  /**
   * {@code source.path} as files of pictures: one file, a glob, or a folder with pictures and
   * without folders, which is no source that has classes or masks.
   *
   * @return empty where it is anything else, or {@code source.format} is stated
   */
  static Optional<Found> ofSource(Configuration hadoop, SourceSettings source) {
    if (source.format() != SourceSettings.Format.AUTO) {
      return Optional.empty();
    }
    Path path = Storage.qualify(source.path());
    FileSystem files = Storage.fileSystem(hadoop, path);
    try {
      FileStatus given = status(files, path);
      if (given == null || given.isFile()) {
        boolean isPicture = given != null && EntryNameRules.isImage(path.getName());
        return isPicture || isGlob(files, path, given)
            ? Optional.of(find(hadoop, source.path()))
            : Optional.empty();
      }
      List<FolderEntry> entries = FolderEntries.all(files, path);
      boolean isPlain =
          entries.stream().noneMatch(entry -> entry.isFolder() || isDescription(entry.name()))
              && entries.stream().anyMatch(entry -> EntryNameRules.isImage(entry.name()));
      return isPlain ? Optional.of(inFolder(files, path)) : Optional.empty();
    } catch (IOException e) {
      throw Storage.failure("reading " + path, e);
    }
  }

  private static boolean isGlob(FileSystem files, Path path, FileStatus given) throws IOException {
    if (given != null || path.toString().chars().noneMatch(c -> "*?[{".indexOf(c) >= 0)) {
      return false;
    }
    FileStatus[] matches = files.globStatus(path);
    return matches != null && matches.length > 0;
  }

  private static boolean isDescription(String name) {
    return DESCRIPTIONS.stream().anyMatch(name::endsWith);
  }

  private static FileStatus status(FileSystem files, Path path) throws IOException {
    try {
      return files.getFileStatus(path);
    } catch (FileNotFoundException e) {
      return null;
    }
  }

  private static Found matched(FileSystem files, FileStatus[] matches) throws IOException {
    List<Image> images = new ArrayList<>();
    int passedOver = 0;
    for (FileStatus match : sorted(matches)) {
      if (match.isDirectory()) {
        Found found = inFolder(files, match.getPath());
        images.addAll(found.images());
        passedOver += found.passedOver();
      } else {
        images.add(new Image(name(match.getPath()), match.getPath()));
      }
    }
    return new Found(images, passedOver);
  }

  private static Found inFolder(FileSystem files, Path folder) throws IOException {
    List<FolderEntry> entries = FolderEntries.all(files, folder);
    List<Image> images =
        entries.stream()
            .filter(entry -> EntryNameRules.passedOver(entry.name()) == null)
            .filter(entry -> EntryNameRules.isImage(entry.name()) && !entry.isFolder())
            .map(entry -> image(folder, entry))
            .sorted(Comparator.comparing(Image::name))
            .toList();
    if (images.isEmpty()) {
      throw BellowsException.data(
          "folder %s holds no image (*.jpg, *.jpeg, *.png); it holds %d other entries"
              .formatted(name(folder), entries.size()));
    }
    return new Found(images, entries.size() - images.size());
  }

  private static Image image(Path folder, FolderEntry entry) {
    Path path = new Path(folder + "/" + entry.name());
    return new Image(name(path), path, entry.problem() == null ? null : entry.problem().reason());
  }

  private static List<FileStatus> sorted(FileStatus[] entries) {
    return Arrays.stream(entries)
        .sorted(Comparator.comparing(entry -> entry.getPath().toString()))
        .toList();
  }

  private static String name(Path path) {
    return Storage.isLocal(path) ? path.toUri().getPath() : path.toString();
  }
}
