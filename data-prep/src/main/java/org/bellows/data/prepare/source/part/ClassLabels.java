// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source.part;

import java.io.IOException;
import java.io.Serializable;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.bellows.conf.BellowsException;
import org.bellows.data.text.NameList;
import org.bellows.data.text.UnicodeSpelling;

/**
 * How labels, as a source spells them, become indices and names of classes.
 *
 * @param labels the known ones, in the order of their indices; empty: those that are found
 * @param names of the classes by index; empty: the labels themselves
 * @param origin where the names were read, for messages
 */
public record ClassLabels(List<String> labels, List<String> names, String origin) {
  /**
   * A class file beside the data: a name a line, in the order of the labels; or label, tab, name.
   */
  public static final String FILE = "classes.txt";

  /** Between a label as the source spells it and the name that is shown. */
  private static final char TAB = '\t';

  static final String BAD_LABEL = "BAD_LABEL";

  /** Labels are numbers when so many images have a number for each that has a word. */
  private static final int NUMBERS_PER_WORD = 9;

  /**
   * The meaning of labels, once all are known.
   *
   * @param refused labels that mean nothing among the others, with a predicate that says why
   */
  public record Table(List<String> names, Map<String, Integer> indices, Map<String, String> refused)
      implements Serializable {
    /** No item has a label. */
    public static final Table NONE = new Table(List.of(), Map.of(), Map.of());

    /** The item, or where its label is refused, the item as refused. */
    public SourceItem checked(SourceItem item) {
      if (item.labels() != null) {
        for (String label : item.labels()) {
          String problem = refused.get(label);
          if (problem != null) {
            return SourceItem.refused(item.split(), item.path(), BAD_LABEL, problem);
          }
        }
      }
      return item;
    }

    /** The classes of the item's labels, rising; none of them is refused. */
    public int[] classesOf(SourceItem item) {
      return item.labels().stream().mapToInt(indices::get).sorted().toArray();
    }
  }

  public static ClassLabels fixed(List<String> labels, List<String> names) {
    return new ClassLabels(List.copyOf(labels), List.copyOf(names), "");
  }

  /**
   * Names in the order of the numbers that labels are.
   *
   * @param origin where they were read
   */
  public static ClassLabels named(List<String> names, String origin) {
    return new ClassLabels(List.of(), List.copyOf(names), origin);
  }

  static ClassLabels found() {
    return new ClassLabels(List.of(), List.of(), "");
  }

  /** Names from {@link #FILE} in the folder, if it is there. */
  public static ClassLabels fromFolder(FileSystem files, Path folder) throws IOException {
    Path file = new Path(folder, FILE);
    return files.exists(file) ? fromFile(files, file) : found();
  }

  /**
   * @throws BellowsException (data) when a name is there twice
   */
  public static ClassLabels fromFile(FileSystem files, Path file) throws IOException {
    List<String> lines = NameList.classes(files, file);
    long labelled = lines.stream().filter(line -> line.indexOf(TAB) > 0).count();
    if (labelled == 0) {
      return new ClassLabels(List.of(), lines, file.toString());
    }
    if (labelled < lines.size()) {
      throw BellowsException.data(
          "%d of the %d lines of %s hold a tab; expected LABEL, tab, NAME in all of them, or a name in all"
              .formatted(labelled, lines.size(), file));
    }
    return new ClassLabels(
        unique(lines.stream().map(line -> line.substring(0, line.indexOf(TAB)).strip()), file),
        unique(lines.stream().map(line -> line.substring(line.indexOf(TAB) + 1).strip()), file),
        file.toString());
  }

  private static List<String> unique(Stream<String> texts, Path file) {
    Set<String> seen = new HashSet<>();
    return texts
        .peek(
            text -> {
              if (!seen.add(text)) {
                throw BellowsException.data("%s names \"%s\" twice".formatted(file, text));
              }
            })
        .toList();
  }

  /**
   * Labels that are whole numbers are the indices; a number in between that no image has is a class
   * all the same. Others are classes in the order of the class file, or else in byte order. A label
   * that fits neither is refused: it does not change what the others mean.
   *
   * @param found every label that occurs, with its number of images
   * @throws BellowsException (data) when two of them are one name in two spellings
   */
  public Table resolve(Map<String, Long> found) {
    if (!labels.isEmpty()) {
      requireOneSpelling(labels);
      return table(found.keySet(), labels, names);
    }
    if (areIndices(found)) {
      return numbered(found.keySet());
    }
    if (!names.isEmpty()) {
      return table(found.keySet(), names, names);
    }
    requireOneSpelling(found.keySet());
    return table(
        found.keySet(), found.keySet().stream().sorted(SourceItem.BYTE_ORDER).toList(), List.of());
  }

  private static void requireOneSpelling(Collection<String> classes) {
    UnicodeSpelling.pair(classes)
        .ifPresent(
            pair -> {
              throw BellowsException.data(
                  "classes %s are one name in two Unicode spellings: two classes, or one?"
                      .formatted(pair));
            });
  }

  /** Whether labels are numbers, apart from a few that are refused then. */
  private boolean areIndices(Map<String, Long> found) {
    if (IntegerLabels.areZeroPadded(found.keySet())) {
      return false;
    }
    Set<String> listed = new HashSet<>(names);
    long numbers = 0;
    long words = 0;
    for (Map.Entry<String, Long> label : found.entrySet()) {
      if (IntegerLabels.isIndex(label.getKey())) {
        numbers += label.getValue();
      } else if (listed.contains(label.getKey()) || !IntegerLabels.isNumber(label.getKey())) {
        words += label.getValue();
      }
    }
    return numbers > 0 && numbers >= NUMBERS_PER_WORD * words;
  }

  private Table numbered(Collection<String> found) {
    int largest =
        found.stream().filter(IntegerLabels::isIndex).mapToInt(Integer::parseInt).max().orElse(0);
    int count = names.isEmpty() ? largest + 1 : names.size();
    List<String> numbers = IntStream.range(0, count).mapToObj(Integer::toString).toList();
    Map<String, String> refused = new HashMap<>();
    for (String label : found) {
      if (!IntegerLabels.isIndex(label)) {
        refused.put(label, IntegerLabels.problem("\"" + label + "\"") + ", as the others have");
      } else if (Integer.parseInt(label) >= count) {
        refused.put(label, "has label %s, but %s names %d classes".formatted(label, origin, count));
      }
    }
    return new Table(names.isEmpty() ? numbers : names, indices(numbers), refused);
  }

  private Table table(Collection<String> found, List<String> known, List<String> called) {
    Map<String, Integer> indices = indices(known);
    Map<String, String> refused = new HashMap<>();
    List<String> unknown = found.stream().filter(label -> !indices.containsKey(label)).toList();
    UnicodeSpelling spelling = unknown.isEmpty() ? null : new UnicodeSpelling(known);
    String classes =
        "%d classes%s".formatted(known.size(), origin.isEmpty() ? "" : " of " + origin);
    for (String label : unknown) {
      String other = spelling.other(label);
      refused.put(
          label,
          other == null
              ? "has label \"%s\", which is none of the %s".formatted(label, classes)
              : "has a label that the %s have in another Unicode spelling only: %s"
                  .formatted(classes, UnicodeSpelling.both(label, other)));
    }
    return new Table(called.isEmpty() ? known : called, indices, refused);
  }

  private static Map<String, Integer> indices(List<String> labels) {
    Map<String, Integer> indices = new HashMap<>();
    for (int i = 0; i < labels.size(); i++) {
      indices.put(labels.get(i), i);
    }
    return indices;
  }
}
