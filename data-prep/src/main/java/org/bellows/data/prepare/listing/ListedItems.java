// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
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

/** The items of several parts, one after the other; only one part is open at a time. */
final class ListedItems implements Iterator<ListingResult>, AutoCloseable {
  private final Configuration hadoop;
  private final Iterator<SourcePart> parts;
  private final boolean withContent;
  private SourcePart part;
  private ItemIterator items;
  private ListingResult following;
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
        end(TaskFailure.of(e));
      } catch (UncheckedIOException e) {
        end(TaskFailure.of(Storage.failure("listing " + part.place(), e.getCause())));
      } catch (IOException e) {
        end(TaskFailure.of(Storage.failure("listing " + part.place(), e)));
      } catch (RuntimeException e) {
        // A fault of ours: without the place it cannot be found.
        throw new IllegalStateException("listing " + part.place() + " failed: " + e, e);
      }
    }
    return following != null;
  }

  @Override
  public ListingResult next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    ListingResult listed = following;
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
      following = new ListingResult(items.next(), null);
    } else {
      items.close();
      items = null;
    }
  }

  private void end(TaskFailure failure) {
    following = new ListingResult(null, failure);
    hasEnded = true;
  }
}
