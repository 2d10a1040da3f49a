// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source.table;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;
import org.bellows.data.prepare.source.part.SourceItem.Refusal;
import org.bellows.data.storage.Storage;

/**
 * Looks up the files that the rows of a manifest name. A problem with one of them concerns that
 * row; only the file system of the manifest itself must respond, or nothing can be listed.
 */
final class ManifestFiles {
  /**
   * A running job waits for minutes until a server is back. Whether there is one at all is found
   * out without that, the first time that a row leads there.
   */
  private static final Map<String, String> AT_ONCE =
      Map.of(
          "dfs.client.retry.policy.enabled", "false",
          "ipc.client.connect.max.retries", "1",
          "ipc.client.connect.max.retries.on.timeouts", "0",
          "fs.s3a.attempts.maximum", "1",
          "fs.s3a.retry.limit", "1");

  private final Configuration hadoop;
  private final Path folder;

  /**
   * File systems that did not respond, with the reason: a request takes long, and there may be a
   * million rows.
   */
  private final Map<String, Refusal> silent = new HashMap<>();

  /** File systems that have responded. */
  private final Set<String> reached = new HashSet<>();

  /**
   * @param status null when there is a refusal
   * @param refusal null when there is a file
   */
  record Named(Path path, FileStatus status, Refusal refusal) {}

  /**
   * @param folder that relative paths begin at
   */
  ManifestFiles(Configuration hadoop, Path folder) {
    this.hadoop = hadoop;
    this.folder = folder;
  }

  /**
   * @throws IOException when the manifest's own file system fails
   */
  Named find(String written) throws IOException {
    Path path;
    try {
      path = Storage.resolve(folder, written);
    } catch (IllegalArgumentException e) {
      return refused("has a malformed path: " + Storage.reason(e));
    }
    Refusal before = silent.get(place(path));
    if (before != null) {
      return new Named(path, null, before);
    }
    try {
      FileStatus status = status(path);
      return status.isFile() && !Storage.isSpecial(path)
          ? new Named(path, status, null)
          : refused("names %s, which is not a file".formatted(written));
    } catch (FileNotFoundException e) {
      String problem = Storage.nameProblem(path);
      return refused(
          problem == null
              ? "names %s, and there is no such file".formatted(written)
              : "names %s, which %s".formatted(written, problem));
    } catch (IOException e) {
      if (isOwn(path) && !Storage.isOfFile(e)) {
        throw e;
      }
      return unreached(path, "names %s, which cannot be read".formatted(written), e);
    } catch (RuntimeException e) {
      if (isOwn(path) && e instanceof BellowsException) {
        throw e;
      }
      return unreached(path, "names %s, which cannot be read".formatted(written), e);
    }
  }

  /**
   * Like {@link #find}; where the manifest's own file system answers, whether the mask is there is
   * found out when it is read.
   *
   * @return with status null
   */
  Named findMask(String written) throws IOException {
    Path path;
    try {
      path = Storage.resolve(folder, written);
    } catch (IllegalArgumentException e) {
      return refused("has a malformed path of a mask: " + Storage.reason(e));
    }
    if (isOwn(path)) {
      return new Named(path, null, null);
    }
    Named mask = find(written);
    return mask.refusal() == null
        ? new Named(path, null, null)
        : new Named(
            path,
            null,
            new Refusal(mask.refusal().kind(), "has a mask and " + mask.refusal().reason()));
  }

  private boolean isOwn(Path path) {
    return place(path).equals(place(folder));
  }

  private FileStatus status(Path path) throws IOException {
    if (isOwn(path) || reached.contains(place(path))) {
      return fileSystem(hadoop, path).getFileStatus(path);
    }
    Configuration atOnce = new Configuration(hadoop);
    AT_ONCE.forEach(atOnce::set);
    atOnce.setBoolean("fs." + path.toUri().getScheme() + ".impl.disable.cache", true);
    try (FileSystem first = fileSystem(atOnce, path)) {
      FileStatus status = first.getFileStatus(path);
      reached.add(place(path));
      return status;
    } catch (FileNotFoundException e) {
      reached.add(place(path));
      throw e;
    }
  }

  private FileSystem fileSystem(Configuration configuration, Path path) {
    try {
      return Storage.fileSystem(configuration, path);
    } catch (RuntimeException e) {
      if (isOwn(path)) {
        throw e;
      }
      boolean isForNow =
          e instanceof BellowsException understood
              && understood.category() == ErrorCategory.INFRASTRUCTURE;
      String kind = isForNow ? Refusal.UNREACHABLE : ManifestPart.BAD_ROW;
      String reason = "is on a file system that cannot be had: " + Storage.reason(e);
      silent.put(place(path), new Refusal(kind, reason));
      throw e;
    }
  }

  private Named unreached(Path path, String problem, Exception cause) {
    Refusal known = silent.get(place(path));
    if (known != null) {
      return new Named(path, null, known);
    }
    boolean isSilence = isSilence(cause);
    Refusal refusal =
        new Refusal(
            isSilence ? Refusal.UNREACHABLE : ManifestPart.BAD_ROW,
            problem + ": " + Storage.reason(cause));
    if (isSilence) {
      silent.put(place(path), refusal);
    }
    return new Named(path, null, refusal);
  }

  private static boolean isSilence(Throwable error) {
    for (Throwable e = error; e != null; e = e.getCause()) {
      if (e instanceof SocketException
          || e instanceof SocketTimeoutException
          || e instanceof UnknownHostException) {
        return true;
      }
    }
    return false;
  }

  private static Named refused(String problem) {
    return new Named(null, null, new Refusal(ManifestPart.BAD_ROW, problem));
  }

  private static String place(Path path) {
    return path.toUri().getScheme() + "://" + path.toUri().getAuthority();
  }
}
