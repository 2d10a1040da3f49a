// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.fault;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;

/**
 * What all processes of a test share: the schedule, which of its faults have fired, and a journal
 * of what the ranks did when. Named by a system property of the executors; without, nothing
 * happens.
 */
public final class FaultSchedule {
  public static final String PROPERTY = "bellows.test.faults";
  private static final String SCHEDULE = "schedule.txt";

  private final Path folder;

  public FaultSchedule(Path folder) {
    this.folder = folder;
  }

  /** Of this process. */
  static Optional<FaultSchedule> here() {
    return Optional.ofNullable(System.getProperty(PROPERTY)).map(Path::of).map(FaultSchedule::new);
  }

  /** Forgets everything and begins with this schedule. */
  public void begin(List<String> schedule) throws IOException {
    FileUtils.deleteDirectory(folder.toFile());
    Files.createDirectories(folder);
    Files.write(folder.resolve(SCHEDULE), schedule);
  }

  /** A schedule that lies beside the tests. */
  public static List<String> schedule(String name) throws IOException {
    try (InputStream in = FaultSchedule.class.getResourceAsStream("/faults/" + name + ".txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }

  /** In the order of the file; '#' begins a comment. */
  List<Fault> faults() {
    Path file = folder.resolve(SCHEDULE);
    List<Fault> faults = new ArrayList<>();
    try {
      List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
      for (int i = 0; i < lines.size(); i++) {
        String line = lines.get(i).replaceFirst("#.*", "").strip();
        if (!line.isEmpty()) {
          faults.add(Fault.parse(i + 1, line));
        }
      }
      return faults;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** True once for each fault, whichever process asks. */
  boolean claim(Fault fault) {
    try {
      Files.writeString(
          folder.resolve("fired-%04d".formatted(fault.line())),
          System.currentTimeMillis() + " " + fault.how(),
          StandardOpenOption.CREATE_NEW);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * @param at in milliseconds since 1970
   */
  public record Fired(int line, String how, long at) {}

  /** In the order in which they did. */
  public List<Fired> fired() throws IOException {
    List<Fired> fired = new ArrayList<>();
    for (Path file : files("fired-")) {
      String[] words = Files.readString(file).split(" ");
      int line = Integer.parseInt(file.getFileName().toString().substring("fired-".length()));
      fired.add(new Fired(line, words[1], Long.parseLong(words[0])));
    }
    fired.sort(Comparator.comparing(Fired::at));
    return fired;
  }

  /** Notes what a rank does. */
  void note(int rank, String what) {
    write("journal-%d-%d".formatted(rank, ProcessHandle.current().pid()), what);
  }

  private void write(String name, String what) {
    try {
      Files.writeString(
          folder.resolve(name),
          System.currentTimeMillis() + " " + what + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * @param at in milliseconds since 1970
   */
  public record Entry(long at, String what) {}

  /** What a rank has noted, in whichever process, oldest first. */
  public List<Entry> journal(int rank) throws IOException {
    List<Entry> entries = new ArrayList<>();
    for (Path file : files("journal-" + rank + "-")) {
      for (String line : linesUnlessGone(file)) {
        int space = line.indexOf(' ');
        entries.add(new Entry(Long.parseLong(line.substring(0, space)), line.substring(space + 1)));
      }
    }
    entries.sort(Comparator.comparing(Entry::at));
    return entries;
  }

  /** A new run removes what an earlier one has noted, perhaps just now. */
  private static List<String> linesUnlessGone(Path file) throws IOException {
    try {
      return Files.readAllLines(file);
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  /**
   * @param seconds from a fault to the next step that rank 0 took in a new attempt
   */
  public record Recovery(String how, double seconds) {}

  /** Of each fault that cost an attempt, in the order in which they fired. */
  public List<Recovery> recoveries() throws IOException {
    List<Recovery> recoveries = new ArrayList<>();
    for (Fired fault : fired()) {
      long begins = 0;
      for (Entry entry : journal(0)) {
        if (begins == 0 && entry.at() > fault.at() && entry.what().startsWith("begins anew")) {
          begins = entry.at();
        } else if (begins > 0 && entry.what().startsWith("step")) {
          recoveries.add(new Recovery(fault.how(), (entry.at() - fault.at()) * 1e-3));
          break;
        }
      }
    }
    return recoveries;
  }

  private List<Path> files(String prefix) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(f -> f.getFileName().toString().startsWith(prefix)).sorted().toList();
    } catch (NoSuchFileException e) {
      // A new run makes the folder anew, perhaps just now.
      return List.of();
    }
  }
}
