// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.storage;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Paths;
import java.util.Locale;
import java.util.Objects;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Where a path leads, so that two can be compared: links of this machine's own disks are followed,
 * other file systems are not asked. So it can be used before Spark, and a file system's settings,
 * are there.
 *
 * @param server scheme and authority, in small letters
 * @param path absolute, without steps upwards, with forward slashes, without one at the end
 */
public record ResolvedPath(String server, String path) {

  /**
   * @param hadoop says which server {@code hdfs:///} means
   * @param given as a setting has it
   * @throws org.bellows.conf.BellowsException (configuration) for an empty or malformed path
   */
  public static ResolvedPath of(Configuration hadoop, String given) {
    Path qualified = Storage.qualify(given);
    URI uri = qualified.toUri().normalize();
    if (Storage.isLocal(qualified)) {
      return new ResolvedPath(uri.getScheme(), trimmed(real(uri.getPath())));
    }
    return new ResolvedPath(server(uri, FileSystem.getDefaultUri(hadoop)), trimmed(uri.getPath()));
  }

  /** Whether the other is this one, or is somewhere below it. */
  public boolean holds(ResolvedPath other) {
    return server.equals(other.server) && (other.path + "/").startsWith(path + "/");
  }

  private static String server(URI uri, URI standard) {
    String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
    boolean isStandard = uri.getAuthority() == null && scheme.equals(standard.getScheme());
    String authority = isStandard ? standard.getAuthority() : uri.getAuthority();
    return scheme + "://" + Objects.toString(authority, "").toLowerCase(Locale.ROOT);
  }

  private static String trimmed(String path) {
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  /** A path that does not exist yet has no links: only its existing parents are resolved. */
  private static String real(String path) {
    try {
      java.nio.file.Path whole = Paths.get(path).toAbsolutePath().normalize();
      java.nio.file.Path there = whole;
      while (there != null && !Files.exists(there)) {
        there = there.getParent();
      }
      return there == null
          ? whole.toString()
          : there.toRealPath().resolve(there.relativize(whole)).toString();
    } catch (IOException | InvalidPathException e) {
      // It cannot be followed: it is compared as it is written.
      return path;
    }
  }
}
