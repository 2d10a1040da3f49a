// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.mask;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.bellows.conf.BellowsException;
import org.bellows.conf.text.Words;
import org.bellows.data.manifest.PixelClass;
import org.bellows.data.storage.Storage;
import org.bellows.data.text.NameList;

/**
 * A file that says which colour of a mask is which class: lines {@code #rrggbb NAME}; or a CSV file
 * with the header {@code name,r,g,b}, as class_dict.csv is. A class that is called void, in any
 * case, is void and has no label.
 */
public final class ColourFile {
  private static final Pattern LINE = Pattern.compile("#([0-9A-Fa-f]{6})\\s+(\\S.*)");
  private static final List<String> COLUMNS = List.of("name", "r", "g", "b");
  private static final int MOST = 255;
  private static final int BITS = 8;

  private final Path file;

  private ColourFile(Path file) {
    this.file = file;
  }

  /**
   * The table that a setting names.
   *
   * @param key of the setting, for messages
   * @param value of the setting: {@code voc}, or a file
   * @throws BellowsException (data) when there is no such file, or naming the line that cannot be
   *     understood
   */
  public static ColourTable stated(Configuration hadoop, String key, String value) {
    if (value.equals(ColourTable.VOC)) {
      return ColourTable.voc();
    }
    Path file = Storage.qualify(value);
    FileSystem files = Storage.fileSystem(hadoop, file);
    try {
      return read(files, file);
    } catch (FileNotFoundException e) {
      throw BellowsException.data(
          "%s names %s, and there is no such file; allowed: voc, or a file".formatted(key, file),
          e);
    } catch (IOException e) {
      throw Storage.failure("reading " + file, e);
    }
  }

  /**
   * @throws BellowsException (data) naming the line that cannot be understood
   */
  static ColourTable read(FileSystem files, Path path) throws IOException {
    ColourFile file = new ColourFile(path);
    List<String> lines = NameList.lines(files, path);
    boolean isTable = !lines.isEmpty() && lines.get(0).indexOf(',') >= 0;
    List<ColourTable.Named> rows = isTable ? file.csv(lines) : file.plain(lines);
    file.requireDistinct(rows);
    ColourTable table = ColourTable.of(rows);
    if (table.classes().isEmpty() || table.classes().size() > PixelClass.MOST) {
      throw BellowsException.data(
          "%s names %d classes besides void, expected 1 to %d"
              .formatted(path, table.classes().size(), PixelClass.MOST));
    }
    return table;
  }

  private List<ColourTable.Named> plain(List<String> lines) {
    List<ColourTable.Named> rows = new ArrayList<>();
    for (String line : lines) {
      Matcher matcher = LINE.matcher(line);
      if (!matcher.matches()) {
        throw BellowsException.data(
            "%s has the line \"%s\", expected \"#rrggbb NAME\", or a table with the header name,r,g,b"
                .formatted(file, line));
      }
      rows.add(
          new ColourTable.Named(Integer.parseInt(matcher.group(1), 16), matcher.group(2).strip()));
    }
    return rows;
  }

  private List<ColourTable.Named> csv(List<String> lines) {
    List<String> header =
        cells(lines.get(0)).stream().map(c -> c.toLowerCase(Locale.ROOT)).toList();
    if (!header.containsAll(COLUMNS)) {
      throw BellowsException.data(
          "%s has the columns %s, expected %s among them"
              .formatted(file, Words.and(header), Words.and(COLUMNS)));
    }
    List<ColourTable.Named> rows = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      List<String> cells = cells(line);
      if (cells.size() != header.size()) {
        throw BellowsException.data(
            "%s has the line \"%s\" of %d columns, expected %d"
                .formatted(file, line, cells.size(), header.size()));
      }
      int colour = 0;
      for (String column : COLUMNS.subList(1, COLUMNS.size())) {
        colour = colour << BITS | channel(line, cells.get(header.indexOf(column)));
      }
      rows.add(new ColourTable.Named(colour, cells.get(header.indexOf("name"))));
    }
    return rows;
  }

  private static List<String> cells(String line) {
    return List.of(line.split(",", -1)).stream().map(String::strip).toList();
  }

  private int channel(String line, String text) {
    if (!text.matches("[0-9]{1,3}") || Integer.parseInt(text) > MOST) {
      throw BellowsException.data(
          "%s has \"%s\" in the line \"%s\", expected a whole number from 0 to %d"
              .formatted(file, text, line, MOST));
    }
    return Integer.parseInt(text);
  }

  private void requireDistinct(List<ColourTable.Named> rows) {
    Map<Integer, String> colours = new HashMap<>();
    Set<String> names = new HashSet<>();
    for (ColourTable.Named row : rows) {
      String before = colours.putIfAbsent(row.colour(), row.name());
      if (before != null) {
        throw BellowsException.data(
            "%s gives the colour %s to \"%s\" and to \"%s\""
                .formatted(file, PixelClass.text(row.colour()), before, row.name()));
      }
      if (!names.add(row.name()) && !row.name().equalsIgnoreCase(ColourTable.VOID)) {
        throw BellowsException.data("%s names the class \"%s\" twice".formatted(file, row.name()));
      }
    }
  }
}
