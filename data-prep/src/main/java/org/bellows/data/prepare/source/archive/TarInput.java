// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source.archive;

import java.io.Closeable;
import java.io.IOException;
import org.bellows.data.prepare.source.archive.TarHeader.DamagedException;

/** The bytes of a tar archive, for a reader that mostly moves forward. */
interface TarInput extends Closeable {
  /** The position that no entry may reach beyond. */
  long end();

  /**
   * Whether what lies behind a position cannot be read any more: contents are then read when they
   * are passed, or never.
   */
  boolean isForwardOnly();

  /**
   * @param position in the archive's file; never before one that was read where it is {@link
   *     #isForwardOnly}
   * @throws java.io.EOFException when the archive ends before that
   * @throws DamagedException when it cannot be decompressed
   */
  void read(long position, byte[] into) throws IOException, DamagedException;

  /** Moves to a position, through all bytes before it. */
  void pass(long position) throws IOException, DamagedException;

  /** Called at the archive's end mark. */
  void finish() throws IOException, DamagedException;

  /** Why an entry that reaches beyond {@link #end} is refused, as a predicate. */
  String beyond(long position, long bytes);
}
