// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Folders below {@code target/once} that the first class of tests to ask for them makes, and all
 * others of the build copy, in whichever process they run. Changed code, other arguments and
 * another set of instructions make another folder.
 */
final class OncePerBuild {
  private static final Path ROOT = testClasses().resolveSibling("once");

  /** What was made to its end; a process that dies leaves none. */
  private static final String WHOLE = ".whole";

  /** Among the classes of tests; executors write their logs there while tests run. */
  private static final String SPARK_HOME = "spark-home";

  private OncePerBuild() {}

  /**
   * @param name of the folder, for whoever looks at it
   * @param arguments everything besides code that the content follows from
   * @param make fills the empty folder that it gets
   * @return the folder; not to be changed
   */
  static synchronized Path folder(String name, List<String> arguments, Consumer<Path> make) {
    String content = name + "-" + hash(arguments) + "-";
    Path folder = ROOT.resolve(content + hash(build()));
    try {
      Files.createDirectories(ROOT);
      try (FileChannel file =
              FileChannel.open(
                  ROOT.resolve(content + "lock"),
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE);
          FileLock ignored = file.lock()) {
        if (!Files.exists(folder.resolve(WHOLE))) {
          deleteAll(content);
          make.accept(Files.createDirectories(folder));
          Files.createFile(folder.resolve(WHOLE));
        }
      }
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Copies what is in a folder into another, which is created. */
  static void copy(Path from, Path to) {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path file : all.filter(path -> !path.endsWith(WHOLE)).toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Also what an earlier build made of the same. */
  private static void deleteAll(String content) throws IOException {
    try (DirectoryStream<Path> folders =
        Files.newDirectoryStream(
            ROOT,
            path -> Files.isDirectory(path) && path.getFileName().toString().startsWith(content))) {
      for (Path folder : folders) {
        delete(folder);
      }
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static Path testClasses() {
    try {
      return Path.of(
          OncePerBuild.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Our code as it was compiled, by size and time, and what else decides about bits. */
  private static List<String> build() {
    List<String> all = new ArrayList<>();
    all.add("instructions: " + System.getenv("ONEDNN_MAX_CPU_ISA"));
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      if (entry.contains("bellows-") || Files.isDirectory(Path.of(entry))) {
        all.add(state(Path.of(entry)));
      }
    }
    return all;
  }

  private static String hash(List<String> all) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(String.join("\n", all).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String state(Path entry) {
    try (Stream<Path> all = Files.walk(entry)) {
      StringBuilder state = new StringBuilder();
      for (Path file :
          all.filter(path -> !path.startsWith(entry.resolve(SPARK_HOME)))
              .filter(Files::isRegularFile)
              .sorted()
              .toList()) {
        state
            .append(file)
            .append(' ')
            .append(Files.size(file))
            .append(' ')
            .append(Files.getLastModifiedTime(file).toMillis())
            .append('\n');
      }
      return state.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
