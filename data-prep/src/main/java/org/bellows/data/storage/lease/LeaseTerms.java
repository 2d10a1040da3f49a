// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.storage.lease;

import java.time.Duration;

/**
 * How a lease is taken and given back; the same for all that take leases in one folder.
 *
 * @param expiry after which a holder without heartbeat counts as dead; six heartbeats fit into it
 */
public record LeaseTerms(Duration expiry, WhenHeld whenHeld, WhenReleased whenReleased) {

  /** How to proceed when the last heartbeat is younger than the expiry. */
  public enum WhenHeld {
    /** Fails at once. */
    REFUSE,
    /** Waits for the rest of the expiry; fails at the next heartbeat. */
    WATCH
  }

  /** Whether the folder of the lease remains. */
  public enum WhenReleased {
    /** It remains, and tokens rise from one holder to the next. */
    KEEP_FOLDER,
    /** It is removed, and the next holder begins with token 1 again. */
    REMOVE_FOLDER
  }

  /** For a folder that a schedule works on again and again. */
  public static LeaseTerms refusing(Duration expiry) {
    return new LeaseTerms(expiry, WhenHeld.REFUSE, WhenReleased.KEEP_FOLDER);
  }

  /** For a folder that contains nothing but the result in the end. */
  public static LeaseTerms watching(Duration expiry) {
    return new LeaseTerms(expiry, WhenHeld.WATCH, WhenReleased.REMOVE_FOLDER);
  }
}
