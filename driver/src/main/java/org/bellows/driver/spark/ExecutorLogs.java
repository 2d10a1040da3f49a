// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.spark;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The standard error of the executors that this machine's workers started: the only place with the
 * reason of one that never registered. Workers of Spark's own kind of cluster keep a folder an
 * executor, {@code work/APPLICATION/NUMBER}.
 *
 * @param folders where the application's may be; none of them is there while none of its workers on
 *     this machine has started an executor
 */
record ExecutorLogs(List<Path> folders) {
  private static final Logger LOG = LoggerFactory.getLogger(ExecutorLogs.class);
  private static final String STANDARD_ERROR = "stderr";
  private static final String STANDARD_OUTPUT = "stdout";
  private static final long MOST_READ_BYTES = 1 << 16;
  private static final int MOST_SHOWN = 300;

  /** A throwable's own line: in a trace, after a time and a level, or alone. */
  private static final Pattern THROWABLE =
      Pattern.compile("(?:^|[\\s:])((?:[a-z]\\w*\\.)+[A-Z]\\w*(?:Exception|Error)\\b(?::.*)?)$");

  /** A line that a logger marks as an error. */
  private static final Pattern LOGGED_ERROR = Pattern.compile("\\bERROR\\b(.*)$");

  /** Lines that the JVM did not write itself: the worker's two lines at the top, and log lines. */
  private static final Pattern HEADER_OR_LOG =
      Pattern.compile("^(?:Spark Executor Command: .*|=*|\\d\\d[:/.-].*)$");

  private static final int MOST_LINES = 3;

  /**
   * @param error the line that says most of why it ended
   */
  record LastWords(String executor, Path log, String error) {}

  /**
   * @param environment of this process: workers on this machine work where it says
   */
  static ExecutorLogs of(String application, Map<String, String> environment) {
    return new ExecutorLogs(
        Stream.of(
                Optional.ofNullable(environment.get("SPARK_WORKER_DIR")).map(Path::of),
                Optional.ofNullable(environment.get("SPARK_HOME"))
                    .map(home -> Path.of(home, "work")))
            .flatMap(Optional::stream)
            .map(work -> work.resolve(application))
            .toList());
  }

  /** Empty until a worker on this machine makes the folder for its first executor. */
  private Optional<Path> folder() {
    return folders.stream().filter(Files::isDirectory).findFirst();
  }

  /** Numbers of the executors that were started on this machine, the newest first. */
  List<String> executors() {
    Optional<Path> folder = folder();
    if (folder.isEmpty()) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(folder.get())) {
      return all.map(path -> path.getFileName().toString())
          .filter(name -> name.matches("\\d{1,9}"))
          .sorted(Comparator.comparing((String name) -> Integer.valueOf(name)).reversed())
          .toList();
    } catch (IOException e) {
      LOG.debug("cannot list {}", folder.get(), e);
      return List.of();
    }
  }

  /** Empty when its log is not there or holds nothing that looks like an error. */
  Optional<LastWords> lastWords(String executor) {
    return folder().flatMap(folder -> lastWords(executor, folder.resolve(executor)));
  }

  private static Optional<LastWords> lastWords(String executor, Path folder) {
    Path log = folder.resolve(STANDARD_ERROR);
    List<String> lines = new ArrayList<>();
    // Some of what the JVM has to say before it starts goes there.
    lines.addAll(tail(folder.resolve(STANDARD_OUTPUT)));
    lines.addAll(tail(log));
    return error(lines).map(error -> new LastWords(executor, log, error));
  }

  /** The end of a log that may be long. */
  private static List<String> tail(Path log) {
    if (!Files.isReadable(log)) {
      return List.of();
    }
    try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
      long start = Math.max(0, file.length() - MOST_READ_BYTES);
      byte[] bytes = new byte[(int) (file.length() - start)];
      file.seek(start);
      file.readFully(bytes);
      return new String(bytes, StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      LOG.debug("cannot read {}", log, e);
      return List.of();
    }
  }

  /**
   * The last throwable: of a trace that is the cause of all the others. Without one, what a logger
   * calls an error, or the few lines of a JVM that did not start.
   */
  static Optional<String> error(List<String> lines) {
    return last(lines, THROWABLE)
        .or(() -> last(lines, LOGGED_ERROR))
        .or(() -> ofVirtualMachine(lines))
        .map(ExecutorLogs::shortened);
  }

  private static Optional<String> ofVirtualMachine(List<String> lines) {
    List<String> words =
        lines.stream()
            .map(String::strip)
            .filter(line -> !HEADER_OR_LOG.matcher(line).matches())
            .limit(MOST_LINES)
            .toList();
    return words.isEmpty() ? Optional.empty() : Optional.of(String.join(" ", words));
  }

  private static String shortened(String error) {
    return error.length() <= MOST_SHOWN ? error : error.substring(0, MOST_SHOWN) + " ...";
  }

  private static Optional<String> last(List<String> lines, Pattern pattern) {
    for (int i = lines.size() - 1; i >= 0; i--) {
      String line = lines.get(i);
      // Frames of a trace name classes, too.
      Matcher found = pattern.matcher(line.strip());
      if (!line.startsWith("\tat ") && found.find()) {
        return Optional.of(found.group(1).strip());
      }
    }
    return Optional.empty();
  }
}
