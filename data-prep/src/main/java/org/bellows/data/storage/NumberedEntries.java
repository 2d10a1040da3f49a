// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.storage;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Folders whose entries are named by numbers. */
public final class NumberedEntries {
  private static final int MOST_DIGITS = 9;

  private NumberedEntries() {}

  /**
   * Numbers of the entries named NUMBER + suffix, rising; none where there is no such folder.
   *
   * @param suffix of their names; others, such as what is being written, are passed over
   */
  public static List<Integer> list(Configuration hadoop, Path folder, String suffix) {
    Pattern name = Pattern.compile("(\\d{1," + MOST_DIGITS + "})" + Pattern.quote(suffix));
    return names(hadoop, folder).stream()
        .map(name::matcher)
        .filter(Matcher::matches)
        .map(matcher -> Integer.parseInt(matcher.group(1)))
        .sorted()
        .toList();
  }

  /** Names of all entries; none where there is no such folder. */
  public static List<String> names(Configuration hadoop, Path folder) {
    try {
      return Arrays.stream(Storage.fileSystem(hadoop, folder).listStatus(folder))
          .map(status -> status.getPath().getName())
          .sorted()
          .toList();
    } catch (FileNotFoundException e) {
      return List.of();
    } catch (IOException e) {
      throw Storage.failure("listing " + folder, e);
    }
  }

  /** The highest number, 0 where there is none. */
  public static int last(List<Integer> numbers) {
    return numbers.isEmpty() ? 0 : numbers.get(numbers.size() - 1);
  }

  /** A small file. */
  public static byte[] read(Configuration hadoop, Path file) {
    try {
      return FileContents.read(hadoop, file, FileContents.MOST_DESCRIPTION_BYTES);
    } catch (IOException e) {
      throw Storage.readFailure("reading " + file, hadoop, file, e);
    }
  }
}
