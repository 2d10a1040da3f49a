// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source.part;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The one rule which entries of a source's folders are looked at, by their names alone. */
public final class EntryNameRules {
  public static final String NOT_A_FILE = "not a file";
  public static final String EMPTY = "empty file";
  public static final String FOLDER = "folder";

  /** Beside pictures with masks, what tells of their classes. */
  public static final Set<String> DESCRIPTIONS =
      Set.of(ClassLabels.FILE, "pixel-classes.txt", "class_dict.csv");

  private static final String HIDDEN = "hidden";
  private static final String MARKER = "marker";
  private static final String NO_ENDING = "no ending";
  private static final List<String> IMAGES =
      List.of(".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff");

  /**
   * Files that Hadoop, Spark, Delta and macOS's zip write beside data. Hadoop's own formats pass
   * over every name with a leading underscore; cameras write {@code _DSC0001.JPG}, and people
   * {@code _negative}.
   */
  private static final Pattern MARKERS =
      Pattern.compile(
          "_SUCCESS|_FAILURE|_temporary|_temporary_.*|_metadata|_common_metadata|_logs|_spark_metadata"
              + "|_delta_log|_change_data|_symlink_format_manifest|_started_\\d+|_committed_\\d+"
              + "|.*_\\$folder\\$|__MACOSX");

  /** Short ones with a letter: numbers after a dot would give a kind each. */
  private static final Pattern ENDING = Pattern.compile(".+(\\.[a-z][a-z0-9]{0,5}|\\.7z)");

  private EntryNameRules() {}

  /** Null where the entry is looked at; otherwise why it is passed over, whatever it is. */
  public static String passedOver(String name) {
    if (name.startsWith(".")) {
      return HIDDEN;
    }
    return MARKERS.matcher(name).matches() ? MARKER : null;
  }

  /** By its ending, in any case. */
  public static boolean isImage(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return IMAGES.stream().anyMatch(lower::endsWith);
  }

  /** The kind of a file that is none of the source's images by its ending: {@code .heic}. */
  public static String ending(String name) {
    Matcher ending = ENDING.matcher(name.toLowerCase(Locale.ROOT));
    if (ending.matches()) {
      return ending.group(1);
    }
    return name.contains(".") ? PassedOver.OTHER_ENDING : NO_ENDING;
  }
}
