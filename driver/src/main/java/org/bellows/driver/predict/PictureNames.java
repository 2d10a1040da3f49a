// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.predict;

import java.util.ArrayList;
import java.util.List;
import org.bellows.data.prepare.source.part.EntryNameRules;

/** Where the files that are predicted of a picture go, by where the picture came from. */
final class PictureNames {
  private PictureNames() {}

  /**
   * The path without its ending, relative; a scheme and what would lead out of the folder are left
   * out, characters that not every file system takes become underscores.
   *
   * @param source such as {@code val/a.jpg}, {@code hdfs://nn/photos/a.png}, {@code images#12}
   */
  static String of(String source) {
    int scheme = source.indexOf("://");
    String path = scheme < 0 ? source : source.substring(scheme + 3);
    List<String> parts = new ArrayList<>();
    for (String part : path.split("/")) {
      if (!part.isEmpty() && !part.equals(".") && !part.equals("..")) {
        parts.add(part.replaceAll("[:*?\"<>|\\\\\\p{Cntrl}]", "_"));
      }
    }
    String name = String.join("/", parts);
    return EntryNameRules.isImage(name) ? name.substring(0, name.lastIndexOf('.')) : name;
  }

  /** Paths of one argument list, each below the deepest folder that all of them share. */
  static List<String> ofAll(List<String> paths) {
    String shared = null;
    for (String path : paths) {
      String folder = path.substring(0, path.lastIndexOf('/') + 1);
      shared = shared == null ? folder : common(shared, folder);
    }
    int length = shared == null ? 0 : shared.length();
    return paths.stream().map(path -> of(path.substring(length))).toList();
  }

  private static String common(String a, String b) {
    int length = 0;
    while (length < Math.min(a.length(), b.length()) && a.charAt(length) == b.charAt(length)) {
      length++;
    }
    return a.substring(0, a.lastIndexOf('/', length - 1) + 1);
  }
}
