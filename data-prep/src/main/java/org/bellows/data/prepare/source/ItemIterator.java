package org.bellows.data.prepare.source;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;

/** The items of a part, one at a time. To be closed. */
public abstract class ItemIterator implements Iterator<SourceItem>, Closeable {
  private SourceItem following;
  private boolean hasEnded;

  /** The next item, or null at the end. */
  protected abstract SourceItem advance() throws IOException;

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
  public final SourceItem next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    SourceItem item = following;
    following = null;
    return item;
  }

  @Override
  public void close() throws IOException {}
}
