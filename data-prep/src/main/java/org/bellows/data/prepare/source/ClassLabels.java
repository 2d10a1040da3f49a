package org.bellows.data.prepare.source;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.bellows.conf.BellowsException;

/**
 * How labels, as a source spells them, become indices and names of classes.
 *
 * @param labels the known ones, in the order of their indices; empty: those that are found
 * @param names of the classes by index; empty: the labels themselves
 * @param origin where the names were read, for messages
 */
public record ClassLabels(List<String> labels, List<String> names, String origin) {
  /** A class file beside the data: a name a line, in the order of the labels. */
  static final String FILE = "classes.txt";

  private static final int MOST_CLASSES = 1_000_000;
  private static final String NUMBER = "0|[1-9][0-9]{0,8}";

  /** What labels mean, once all are known. */
  public record Table(List<String> names, Map<String, Integer> indices) {}

  static ClassLabels fixed(List<String> labels, List<String> names) {
    return new ClassLabels(List.copyOf(labels), List.copyOf(names), "");
  }

  static ClassLabels found() {
    return new ClassLabels(List.of(), List.of(), "");
  }

  /** Names from {@link #FILE} in the folder, if it is there. */
  static ClassLabels fromFolder(FileSystem files, Path folder) throws IOException {
    Path file = new Path(folder, FILE);
    return files.exists(file) ? fromFile(files, file) : found();
  }

  /**
   * @throws BellowsException (data) when a name stands there twice
   */
  static ClassLabels fromFile(FileSystem files, Path file) throws IOException {
    List<String> names = lines(files, file);
    if (new HashSet<>(names).size() < names.size()) {
      throw BellowsException.data(file + " names a class twice");
    }
    return new ClassLabels(List.of(), names, file.toString());
  }

  /** Its lines, stripped, without the empty ones. */
  static List<String> lines(FileSystem files, Path file) throws IOException {
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(files.open(file), StandardCharsets.UTF_8))) {
      List<String> lines = new ArrayList<>();
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (!line.isBlank()) {
          lines.add(line.strip());
        }
      }
      return lines;
    }
  }

  /**
   * Labels that are all whole numbers are the indices; a number in between that no image has is a
   * class all the same. Others are classes in the order of the class file, or else in byte order.
   *
   * @param found every label that occurs
   * @throws BellowsException (data) when one is not known
   */
  public Table resolve(Collection<String> found) {
    if (!labels.isEmpty()) {
      return table(found, labels, names);
    }
    if (found.stream().allMatch(label -> label.matches(NUMBER))) {
      return numbered(found);
    }
    return names.isEmpty()
        ? table(found, found.stream().sorted(SourceItem.BYTE_ORDER).toList(), List.of())
        : table(found, names, names);
  }

  private Table numbered(Collection<String> found) {
    int largest = found.stream().mapToInt(Integer::parseInt).max().orElse(0);
    if (!names.isEmpty() && names.size() <= largest) {
      throw BellowsException.data(
          "%s names %d classes, but there are labels up to %d"
              .formatted(origin, names.size(), largest));
    }
    if (largest >= MOST_CLASSES) {
      throw BellowsException.data(
          "there are labels up to %d, allowed are %d classes".formatted(largest, MOST_CLASSES));
    }
    int count = names.isEmpty() ? largest + 1 : names.size();
    List<String> numbers = IntStream.range(0, count).mapToObj(Integer::toString).toList();
    return table(found, numbers, names);
  }

  private Table table(Collection<String> found, List<String> known, List<String> called) {
    Map<String, Integer> indices = new HashMap<>();
    for (int i = 0; i < known.size(); i++) {
      indices.put(known.get(i), i);
    }
    for (String label : found) {
      if (!indices.containsKey(label)) {
        throw BellowsException.data(
            "label \"%s\" is none of the %d classes%s"
                .formatted(label, known.size(), origin.isEmpty() ? "" : " of " + origin));
      }
    }
    return new Table(called.isEmpty() ? known : called, indices);
  }
}
