// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source.table;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.bellows.conf.BellowsException;
import org.bellows.conf.SourceSettings;
import org.bellows.conf.text.Words;
import org.bellows.data.prepare.source.part.ClassLabels;
import org.bellows.data.prepare.source.part.Source;
import org.bellows.data.prepare.source.part.SourcePart;
import org.bellows.data.prepare.source.part.SplitNames;
import org.bellows.data.storage.Storage;
import org.bellows.data.text.TextLines;

/**
 * Lists of pictures with masks, a file a split: PASCAL VOC's {@code
 * ImageSets/Segmentation/train.txt}, a stem a line, or SegNet's {@code train.txt}, two paths a
 * line. Of a list its lines count as entries of the source, and nothing else.
 */
public final class ListSource {
  private static final String VOC_LISTS = "ImageSets/Segmentation";
  private static final String VOC_IMAGES = "JPEGImages";
  private static final String VOC_MASKS = "SegmentationClass";
  private static final String ENDING = ".txt";
  private static final int RGB = 3;

  /** Where nothing is stated; a trainval.txt would hold the images of both twice. */
  private static final List<String> USUAL =
      List.of("train.txt", "val.txt", "validation.txt", "valid.txt", "test.txt");

  private final FileSystem files;
  private final Path root;
  private final SourceSettings settings;

  public ListSource(FileSystem files, Path root, SourceSettings settings) {
    this.files = files;
    this.root = root;
    this.settings = settings;
  }

  /** Whether it is laid out as PASCAL VOC is. */
  public static boolean isVoc(FileSystem files, Path root) throws IOException {
    return files.exists(new Path(root, VOC_LISTS))
        && files.exists(new Path(root, VOC_IMAGES))
        && files.exists(new Path(root, VOC_MASKS));
  }

  /**
   * @throws BellowsException (data) when there is no list, or the first line of one leads nowhere
   */
  public Source list() throws IOException {
    List<SourcePart> parts = new ArrayList<>();
    List<String> splits = new ArrayList<>();
    boolean isVoc = isVoc(files, root);
    for (String list : lists(isVoc)) {
      Path path = new Path(root + "/" + list);
      if (!files.exists(path)) {
        throw BellowsException.data(
            "source %s holds no list %s (source.lists)".formatted(root, list));
      }
      String name = path.getName();
      String split =
          name.endsWith(ENDING) ? name.substring(0, name.length() - ENDING.length()) : name;
      if (!SplitNames.isValid(split) || splits.contains(split)) {
        throw BellowsException.data(
            "list %s of source %s names the split \"%s\", expected letters, digits, dots and dashes, and each once"
                .formatted(list, root, split));
      }
      splits.add(split);
      parts.add(
          new ListPart(
              root.toString(),
              path.toString(),
              split,
              new ListPart.Stems(
                  stated(settings.imageFolder(), isVoc ? VOC_IMAGES : ""),
                  stated(settings.maskFolder(), isVoc ? VOC_MASKS : ""),
                  settings.imageSuffix(),
                  settings.maskSuffix()),
              leading(path)));
    }
    return new Source(
        root.toString(),
        SourceSettings.Format.LISTS,
        RGB,
        false,
        splits,
        ClassLabels.fromFolder(files, root),
        parts);
  }

  private static String stated(String setting, String usual) {
    return setting.isBlank() ? usual : setting;
  }

  private List<String> lists(boolean isVoc) throws IOException {
    if (!settings.lists().isEmpty()) {
      return settings.lists();
    }
    String prefix = isVoc ? VOC_LISTS + "/" : "";
    List<String> found = new ArrayList<>();
    for (String name : USUAL) {
      if (files.exists(new Path(root + "/" + prefix + name))) {
        found.add(prefix + name);
      }
    }
    if (found.isEmpty()) {
      throw BellowsException.data(
          "source %s holds none of the lists %s; source.lists names others"
              .formatted(root, Words.or(USUAL.stream().map(name -> prefix + name).toList())));
    }
    return found;
  }

  /**
   * How many leading folders of a list's paths are not there: lists are made on other machines. The
   * first line with two paths tells.
   */
  private int leading(Path list) throws IOException {
    List<String> words = firstLine(list);
    if (words.size() != 2) {
      return 0;
    }
    List<String> folders = Stream.of(words.get(0).split("/")).filter(f -> !f.isEmpty()).toList();
    for (int left = 0; left < folders.size(); left++) {
      String path = String.join("/", folders.subList(left, folders.size()));
      if (files.exists(Storage.resolve(root, path))) {
        return left;
      }
    }
    throw BellowsException.data(
        "the first line of %s names %s, and there is no such file in %s, whichever leading folders are left out"
            .formatted(list, words.get(0), root));
  }

  private List<String> firstLine(Path list) throws IOException {
    try (InputStream in = Storage.open(files.getConf(), list);
        TextLines lines = new TextLines(in, list.toString())) {
      for (TextLines.Line line = lines.next(); line != null; line = lines.next()) {
        if (line.problem() == null && !line.text().isBlank()) {
          return ListPart.words(line.text());
        }
      }
    }
    throw BellowsException.data("list %s is empty".formatted(list));
  }
}
