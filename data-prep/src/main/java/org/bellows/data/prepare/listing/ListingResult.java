// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.listing;

import java.io.Serializable;
import org.bellows.data.prepare.source.part.ListedEntry;
import org.bellows.data.prepare.source.part.PassedOver;
import org.bellows.data.prepare.source.part.SourceItem;

/**
 * The results of listing: items that were found, or as the last one the reason why the rest could
 * not be listed.
 *
 * @param found null when there is a failure
 * @param failure null when something was found
 */
public record ListingResult(ListedEntry found, TaskFailure failure) implements Serializable {
  /** An image or something that is refused; null when this is something else. */
  public SourceItem item() {
    return found instanceof SourceItem item ? item : null;
  }

  /** Null when this is something else. */
  PassedOver passedOver() {
    return found instanceof PassedOver other ? other : null;
  }
}
