// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.text;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.bellows.conf.BellowsException;

/** Short files in which every line counts, by its number: names of classes, ground truths. */
public final class NameList {
  private static final long MOST_CHARACTERS = 1L << 26;

  /** One that is not empty. */
  private record Line(long number, String text) {}

  private NameList() {}

  /**
   * Its lines, stripped, without the empty ones.
   *
   * @throws BellowsException (data) naming a line that is too long or not UTF-8
   */
  public static List<String> lines(FileSystem files, Path file) throws IOException {
    return texts(read(files, file));
  }

  /**
   * Its lines, stripped, where each is identified by its number: an empty one, unless nothing
   * follows, would shift all others.
   *
   * @throws BellowsException (data) as {@link #lines}, and when a line in between is empty
   */
  public static List<String> numbered(FileSystem files, Path file) throws IOException {
    List<Line> lines = read(files, file);
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).number() != i + 1) {
        throw BellowsException.data(
            "line %d of %s is empty, and others follow: each line counts".formatted(i + 1, file));
      }
    }
    return texts(lines);
  }

  /**
   * Names of classes, a line each; empty lines are passed over.
   *
   * @throws BellowsException (data) as {@link #lines}, and naming a name that is there twice
   */
  public static List<String> classes(FileSystem files, Path file) throws IOException {
    List<Line> lines = read(files, file);
    Map<String, Line> seen = new HashMap<>();
    for (Line line : lines) {
      Line before = seen.putIfAbsent(UnicodeSpelling.composed(line.text()), line);
      if (before != null) {
        throw BellowsException.data(
            "%s names the class \"%s\" twice%s, in lines %d and %d"
                .formatted(
                    file,
                    line.text(),
                    before.text().equals(line.text()) ? "" : " in two Unicode spellings",
                    before.number(),
                    line.number()));
      }
    }
    return texts(lines);
  }

  private static List<String> texts(List<Line> lines) {
    return lines.stream().map(Line::text).toList();
  }

  private static List<Line> read(FileSystem files, Path file) throws IOException {
    List<Line> lines = new ArrayList<>();
    long characters = 0;
    try (InputStream in = files.open(file);
        TextLines text = new TextLines(in, file.toString())) {
      for (TextLines.Line line = text.next(); line != null; line = text.next()) {
        String problem = line.problem() == null ? Utf8.problem(line.text()) : line.problem();
        if (problem != null) {
          throw BellowsException.data("line %d of %s %s".formatted(line.number(), file, problem));
        }
        characters += line.text().length() + 1;
        if (characters > MOST_CHARACTERS) {
          throw BellowsException.data(
              "%s has more than %d characters, expected a list of names"
                  .formatted(file, MOST_CHARACTERS));
        }
        if (!line.text().isBlank()) {
          lines.add(new Line(line.number(), line.text().strip()));
        }
      }
    }
    return lines;
  }
}
