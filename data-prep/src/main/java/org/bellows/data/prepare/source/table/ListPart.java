// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source.table;

import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.bellows.data.prepare.source.part.EntryNameRules;
import org.bellows.data.prepare.source.part.ItemContent.WholeFile;
import org.bellows.data.prepare.source.part.ItemIterator;
import org.bellows.data.prepare.source.part.ListedEntry;
import org.bellows.data.prepare.source.part.SourceItem;
import org.bellows.data.prepare.source.part.SourceMask;
import org.bellows.data.prepare.source.part.SourcePart;
import org.bellows.data.storage.Storage;
import org.bellows.data.text.TextLines;
import org.bellows.data.text.Utf8;

/**
 * The lines of one list. A line is a stem or a picture's name, below the folder of pictures, or the
 * paths of picture and mask, relative to the source.
 *
 * @param root the source
 * @param list the file
 * @param leading folders of each path of two that are left out
 */
record ListPart(String root, String list, String split, Stems stems, int leading)
    implements SourcePart {
  private static final String BAD_LINE = "BAD_LINE";
  private static final List<String> ENDINGS =
      List.of(".jpg", ".png", ".jpeg", ".JPG", ".PNG", ".JPEG");
  private static final List<String> MASK_ENDINGS = List.of(".png", ".PNG", ".jpg", ".jpeg");

  /**
   * Where a line's stem leads to.
   *
   * @param images folder relative to the source
   * @param masks folder relative to the source
   */
  record Stems(String images, String masks, String imageSuffix, String maskSuffix)
      implements Serializable {}

  @Override
  public String place() {
    return list;
  }

  @Override
  public ItemIterator open(Configuration hadoop, boolean withContent) throws IOException {
    TextLines lines = new TextLines(Storage.open(hadoop, new Path(list)), list);
    ManifestFiles files = new ManifestFiles(hadoop, new Path(root));
    return new ItemIterator() {
      @Override
      protected ListedEntry advance() throws IOException {
        TextLines.Line line = lines.next();
        while (line != null && line.problem() == null && line.text().isBlank()) {
          line = lines.next();
        }
        return line == null ? null : item(files, line);
      }

      @Override
      public void close() throws IOException {
        lines.close();
      }
    };
  }

  /** Parts of a line, at a tab if it has one, else at blanks. */
  static List<String> words(String line) {
    String separator = line.indexOf('\t') >= 0 ? "\t+" : "\\s+";
    return List.of(line.strip().split(separator));
  }

  private SourceItem item(ManifestFiles files, TextLines.Line line) throws IOException {
    String problem = line.problem() == null ? Utf8.problem(line.text()) : line.problem();
    if (problem != null) {
      return bad(line, problem);
    }
    List<String> words = words(line.text());
    if (words.size() > 2) {
      return bad(
          line, "has %d words, expected a stem, or a picture and its mask".formatted(words.size()));
    }
    return words.size() == 2
        ? item(files, line, List.of(below(words.get(0))), List.of(below(words.get(1))))
        : item(files, line, images(words.get(0)), masks(words.get(0)));
  }

  private String below(String path) {
    List<String> folders = Stream.of(path.split("/")).filter(f -> !f.isEmpty()).toList();
    return String.join("/", folders.subList(Math.min(leading, folders.size() - 1), folders.size()));
  }

  private List<String> images(String word) {
    return EntryNameRules.isImage(word)
        ? List.of(in(stems.images(), word))
        : ENDINGS.stream()
            .map(ending -> in(stems.images(), word + stems.imageSuffix() + ending))
            .toList();
  }

  private List<String> masks(String word) {
    String stem = EntryNameRules.isImage(word) ? word.substring(0, word.lastIndexOf('.')) : word;
    String pair =
        EntryNameRules.isImage(word) && stem.endsWith(stems.imageSuffix())
            ? stem.substring(0, stem.length() - stems.imageSuffix().length())
            : stem;
    return MASK_ENDINGS.stream()
        .map(ending -> in(stems.masks(), pair + stems.maskSuffix() + ending))
        .toList();
  }

  private static String in(String folder, String name) {
    return folder.isEmpty() ? name : folder + "/" + name;
  }

  private SourceItem item(
      ManifestFiles files, TextLines.Line line, List<String> images, List<String> masks)
      throws IOException {
    ManifestFiles.Named image = first(files, images);
    if (image.refusal() != null) {
      return bad(line, image.refusal().reason());
    }
    ManifestFiles.Named mask = first(files, masks);
    if (mask.refusal() != null) {
      return bad(line, "has no mask: it " + mask.refusal().reason());
    }
    String path = image.path().toString();
    return new SourceItem(
        split,
        path.startsWith(root + "/") ? path.substring(root.length() + 1) : path,
        null,
        image.status().getLen(),
        new WholeFile(path),
        List.of(SourceMask.file(mask.path().toString())),
        null);
  }

  /** The first that is there; else what is wrong with the first. */
  private static ManifestFiles.Named first(ManifestFiles files, List<String> candidates)
      throws IOException {
    ManifestFiles.Named none = null;
    for (String candidate : candidates) {
      ManifestFiles.Named named = files.find(candidate);
      if (named.refusal() == null) {
        return named;
      }
      none = none == null ? named : none;
    }
    return none;
  }

  private SourceItem bad(TextLines.Line line, String problem) {
    String name = list.substring(list.lastIndexOf('/') + 1);
    return SourceItem.refused(
        split,
        name + "#" + line.number(),
        BAD_LINE,
        "line %d %s".formatted(line.number(), problem));
  }
}
