// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source.part;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;

/** The items of a part, one at a time. To be closed. */
public abstract class ItemIterator implements Iterator<ListedEntry>, Closeable {
  private ListedEntry following;
  private boolean hasEnded;

  /** The next of it, or null at the end. */
  protected abstract ListedEntry advance() throws IOException;

  /**
   * @throws UncheckedIOException when the source cannot be read
   */
  @Override
  public final boolean hasNext() {
    if (following == null && !hasEnded) {
      try {
        following = advance();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      hasEnded = following == null;
    }
    return following != null;
  }

  @Override
  public final ListedEntry next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    ListedEntry found = following;
    following = null;
    return found;
  }

  @Override
  public void close() throws IOException {}
}
