// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.storage.lease;

import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.bellows.conf.BellowsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out whether the last holder of a lease is still alive. */
final class Predecessor {
  private static final Logger LOG = LoggerFactory.getLogger(Predecessor.class);
  private static final int POLLS_PER_EXPIRY = 24;
  private static final long MOST_POLL_MILLISECONDS = 500;
  private static final long SETTLE_MILLISECONDS = 200;

  private final LeaseFolder files;
  private final LeaseTerms terms;
  private final long expiry;

  Predecessor(LeaseFolder files, LeaseTerms terms) {
    this.files = files;
    this.terms = terms;
    this.expiry = terms.expiry().toMillis();
  }

  /**
   * @return the highest token that was given out, 0: none; its holder has given it back or counts
   *     as dead
   * @throws LeaseHeldException when it is alive
   */
  int requireGone() throws IOException {
    while (true) {
      int token = files.newest();
      if (token == 0 || files.isReleased(token) || isDead(token)) {
        return token;
      }
    }
  }

  /** Also false when it gave the lease back meanwhile: the caller looks again. */
  private boolean isDead(int token) throws IOException {
    long sign = files.sign(token);
    long silence = files.now() - sign;
    if (silence >= expiry) {
      LOG.warn(
          "the holder of token {} of {} was silent for {} ms and is taken for dead",
          token,
          files.path(),
          silence);
      return true;
    }
    boolean isInFuture = silence <= -expiry;
    if (!isInFuture && terms.whenHeld() == LeaseTerms.WhenHeld.REFUSE) {
      throw held(
          token,
          String.format(
              Locale.ROOT,
              "last sign of life %.1f s ago; after %d s of silence it is taken for dead",
              Math.max(0, silence) * 1e-3,
              terms.expiry().toSeconds()));
    }
    // A time in the future: the file system's clock was set back since, or the file comes from
    // elsewhere. Another heartbeat would show that the holder is alive.
    long wait = isInFuture ? expiry / 2 : Math.max(expiry - Math.max(0, silence), expiry / 2);
    return staysSilent(token, sign, wait);
  }

  private boolean staysSilent(int token, long sign, long milliseconds) throws IOException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(milliseconds);
    while (System.nanoTime() < end) {
      sleep(Math.min(expiry / POLLS_PER_EXPIRY, MOST_POLL_MILLISECONDS));
      if (files.newest() != token || files.isReleased(token)) {
        return false;
      }
      if (files.sign(token) != sign) {
        throw held(token, "it gave a sign of life just now");
      }
    }
    LOG.warn(
        "the holder of token {} of {} gave no sign of life for {} ms and is taken for dead",
        token,
        files.path(),
        milliseconds);
    return true;
  }

  LeaseHeldException held(int token, String detail) throws IOException {
    Holder holder = files.holder(token);
    return new LeaseHeldException(
        "%s is held by another start (%s, token %d; %s); nothing was done; try again later"
            .formatted(files.path(), holder.text(), token, detail),
        holder.host());
  }

  /** If two take a lease in the same moment on an object store, the last to write holds it. */
  void settle() {
    sleep(Math.min(expiry / POLLS_PER_EXPIRY, SETTLE_MILLISECONDS));
  }

  private void sleep(long milliseconds) {
    try {
      Thread.sleep(milliseconds);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw BellowsException.infrastructure("waiting for " + files.path() + " was interrupted", e);
    }
  }
}
