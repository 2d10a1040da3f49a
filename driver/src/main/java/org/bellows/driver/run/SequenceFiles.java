// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.run;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Files in a run's folder that each hold the entries FROM to TO of one sequence, in a format in
 * which files are joined by joining their bytes. A segment writes one. As soon as the newest
 * {@value #MOST_SMALL} or more are all small, they are joined to one file, so that a run of
 * thousands of segments has tens of files.
 *
 * <p>A joined file is written before its parts are removed, and the parts in rising order. Where a
 * crash leaves both, the file that covers more counts, and the others are removed by {@link
 * #removeCovered()}. Not thread-safe; one process writes.
 */
public final class SequenceFiles {
  static final int MOST_SMALL = 64;
  static final long SMALL_BYTES = 256 * 1024;

  private final RunFolder folder;
  private final String path;
  private final Naming naming;
  private int written;

  /**
   * @param name with the folder
   * @param from number of the first entry
   * @param to number of the last entry
   */
  public record Part(String name, long from, long to) {
    private boolean covers(Part other) {
      return from <= other.from && other.to <= to;
    }
  }

  /** What names of such files are. */
  public interface Naming {
    /** Empty for a file that is none. */
    Optional<Part> part(String name);

    /** The name, with the folder, of the file with these entries. */
    String name(long from, long to);
  }

  /**
   * @param path the folder within the run's folder
   */
  public SequenceFiles(RunFolder folder, String path, Naming naming) {
    this.folder = folder;
    this.path = path;
    this.naming = naming;
  }

  /** All that count, in the order of their entries. */
  public List<Part> parts() {
    List<Part> counted = new ArrayList<>();
    for (Part part : all(folder.lengths(path))) {
      if (counted.isEmpty() || !counted.get(counted.size() - 1).covers(part)) {
        counted.add(part);
      }
    }
    return counted;
  }

  /** Of two that begin with the same entry, the longer one comes first. */
  private List<Part> all(Map<String, Long> lengths) {
    return lengths.keySet().stream()
        .map(naming::part)
        .flatMap(Optional::stream)
        .sorted(
            Comparator.comparingLong(Part::from)
                .thenComparing(Comparator.comparingLong(Part::to).reversed()))
        .toList();
  }

  /** To be followed by {@link #joinSometimes()}. */
  public void write(long from, long to, byte[] content) {
    folder.write(naming.name(from, to), content);
    written++;
  }

  /** Puts a file that ends earlier in the place of another. */
  public void shorten(Part part, long to, byte[] content) {
    folder.write(naming.name(part.from(), to), content);
    folder.delete(part.name());
  }

  /** Joins after so many files that it is worth looking. */
  public void joinSometimes() {
    if (written >= MOST_SMALL) {
      join();
      written = 0;
    }
  }

  /** Removes what a crash has left behind. */
  public void removeCovered() {
    List<Part> counted = parts();
    for (Part part : all(folder.lengths(path))) {
      if (!counted.contains(part)) {
        folder.delete(part.name());
      }
    }
  }

  /** Joins the newest files if there are many and all are small. */
  public void join() {
    Map<String, Long> lengths = folder.lengths(path);
    List<Part> counted = parts();
    int first = counted.size();
    while (first > 0 && lengths.getOrDefault(counted.get(first - 1).name(), 0L) < SMALL_BYTES) {
      first--;
    }
    List<Part> small = counted.subList(first, counted.size());
    if (small.size() < MOST_SMALL) {
      return;
    }
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    for (Part part : small) {
      joined.writeBytes(folder.readIfThere(part.name()).orElseThrow());
    }
    folder.write(
        naming.name(small.get(0).from(), small.get(small.size() - 1).to()), joined.toByteArray());
    small.forEach(part -> folder.delete(part.name()));
  }
}
