// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.storage;

import org.apache.hadoop.fs.FileStatus;

/**
 * One entry of a folder, as it is stored there.
 *
 * @param name of the last step of its path; a byte that is not UTF-8 is written as {@code \xE9}
 * @param type links are followed
 * @param bytes length of a file, otherwise 0
 * @param problem null, or why it cannot be read
 * @param raw of a local entry: its whole path as a URI has it, each byte that is no plain letter as
 *     {@code %E9}; otherwise null
 * @param known null, or what the list says of a file in a store that is asked for less when it is
 *     opened with it: {@link Storage#open(org.apache.hadoop.conf.Configuration,
 *     org.apache.hadoop.fs.Path, FileStatus)}
 */
public record FolderEntry(
    String name, Type type, long bytes, Problem problem, String raw, FileStatus known) {
  /** Kind of a name that no path of this process can hold. */
  public static final String BAD_NAME = "BAD_NAME";

  /** Kind of a link that leads nowhere. */
  public static final String DANGLING_LINK = "DANGLING_LINK";

  /** Kind of a pipe, socket or device, whose reader could wait for ever. */
  public static final String NOT_A_FILE = "NOT_A_FILE";

  /** Kind of an entry that may not be looked at. */
  public static final String UNREADABLE = "UNREADABLE";

  /** The kind of an entry, or of its target. */
  public enum Type {
    FILE,
    FOLDER,
    /** A pipe, socket or device, or of unknown kind. */
    OTHER
  }

  /**
   * @param kind one word, for counting
   * @param reason a predicate: "is a link to ..."
   */
  public record Problem(String kind, String reason) {}

  /** An entry of a file system that has nothing to be told when it is opened. */
  FolderEntry(String name, Type type, long bytes, Problem problem, String raw) {
    this(name, type, bytes, problem, raw, null);
  }

  public boolean isFolder() {
    return type == Type.FOLDER;
  }

  public boolean isFile() {
    return type == Type.FILE;
  }
}
