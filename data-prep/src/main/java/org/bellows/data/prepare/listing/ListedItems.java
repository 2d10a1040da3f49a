package org.bellows.data.prepare.listing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.hadoop.conf.Configuration;
import org.bellows.conf.BellowsException;
import org.bellows.data.prepare.source.part.ItemIterator;
import org.bellows.data.prepare.source.part.SourcePart;
import org.bellows.data.storage.Storage;

/** What several parts hold one after the other; only one part is open at a time. */
final class ListedItems implements Iterator<Listed>, AutoCloseable {
  private final Configuration hadoop;
  private final Iterator<SourcePart> parts;
  private final boolean withContent;
  private SourcePart part;
  private ItemIterator items;
  private Listed following;
  private boolean hasEnded;

  ListedItems(Configuration hadoop, Iterator<SourcePart> parts, boolean withContent) {
    this.hadoop = hadoop;
    this.parts = parts;
    this.withContent = withContent;
  }

  /**
   * @throws BellowsException (infrastructure) naming what could not be read
   */
  @Override
  public boolean hasNext() {
    while (following == null && !hasEnded) {
      try {
        advance();
      } catch (BellowsException e) {
        end(Failure.of(e));
      } catch (UncheckedIOException e) {
        end(Failure.of(Storage.failure("listing " + part.place(), e.getCause())));
      } catch (IOException e) {
        end(Failure.of(Storage.failure("listing " + part.place(), e)));
      } catch (RuntimeException e) {
        // A fault of ours: without the place it cannot be found.
        throw new IllegalStateException("listing " + part.place() + " failed: " + e, e);
      }
    }
    return following != null;
  }

  @Override
  public Listed next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    Listed listed = following;
    following = null;
    return listed;
  }

  @Override
  public void close() {
    hasEnded = true;
    if (items != null) {
      try {
        items.close();
      } catch (IOException e) {
        throw Storage.failure("closing " + part.place(), e);
      }
      items = null;
    }
  }

  private void advance() throws IOException {
    if (items == null) {
      hasEnded = !parts.hasNext();
      if (!hasEnded) {
        part = parts.next();
        items = part.open(hadoop, withContent);
      }
    } else if (items.hasNext()) {
      following = new Listed(items.next(), null);
    } else {
      items.close();
      items = null;
    }
  }

  private void end(Failure failure) {
    following = new Listed(null, failure);
    hasEnded = true;
  }
}
