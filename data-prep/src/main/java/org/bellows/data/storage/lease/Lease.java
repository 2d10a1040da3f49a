// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.storage.lease;

import java.io.IOException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.Path;
import org.bellows.conf.BellowsException;
import org.bellows.data.storage.AtomicFile;
import org.bellows.data.storage.ExclusiveCreation;
import org.bellows.data.storage.Storage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right of one process to work on a folder, until it gives it back or its heartbeat stops for
 * too long. This package's documentation has the protocol, and its limits.
 */
public final class Lease implements Fence, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Lease.class);
  private static final int BEATS_PER_EXPIRY = 6;

  private final Configuration hadoop;
  private final LeaseFolder files;
  private final LeaseTerms terms;
  private final int token;
  private final String run;
  private final Path pending;

  /** There a way through the pending folder would copy everything twice, and fence nothing. */
  private final boolean isWithoutRenames;

  private final ScheduledExecutorService heart =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "lease-heartbeat");
            thread.setDaemon(true);
            return thread;
          });

  /** {@code System.nanoTime()} just before the last heartbeat was written. */
  private volatile long lastBeat;

  private volatile boolean isLost;
  private long beats;

  private Lease(
      Configuration hadoop, LeaseFolder files, LeaseTerms terms, Holder holder, Path pending) {
    this.hadoop = hadoop;
    this.files = files;
    this.terms = terms;
    this.token = holder.token();
    this.run = holder.run();
    this.pending = pending;
    this.isWithoutRenames = files.isWithoutRenames();
    this.lastBeat = System.nanoTime();
  }

  /**
   * @param folder is made if need be
   * @throws LeaseHeldException when another process has it and is alive
   * @throws BellowsException (infrastructure, configuration) naming the folder
   */
  public static Lease take(Configuration hadoop, Path folder, LeaseTerms terms) {
    LeaseFolder files = new LeaseFolder(hadoop, folder);
    try {
      Predecessor predecessor = new Predecessor(files, terms);
      int token = predecessor.requireGone() + 1;
      Holder holder = Holder.here(token, UUID.randomUUID().toString());
      // Before the token: the next holder must find the folder, however long this process pauses.
      Path pending = files.makePending(token, holder.run());
      Lease lease = new Lease(hadoop, files, terms, holder, pending);
      lease.begin(holder, predecessor);
      return lease;
    } catch (IOException e) {
      throw Storage.writeFailure(folder, e);
    } catch (FSError e) {
      throw Storage.writeFailure(folder, Storage.unwrap(e));
    }
  }

  private void begin(Holder holder, Predecessor predecessor) throws IOException {
    try {
      if (!record(holder, predecessor)) {
        throw predecessor.held(token, "took it at this moment");
      }
      files.removeBefore(token);
    } catch (IOException | RuntimeException | FSError e) {
      giveUp(e);
      throw e;
    }
    beginToBeat();
  }

  /** Else the next start would wait for a holder that never was. */
  private void giveUp(Throwable failure) {
    try {
      files.removePending(pending);
      giveBack();
    } catch (IOException | RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  private boolean record(Holder holder, Predecessor predecessor) throws IOException {
    // A request that is sent again after a lost answer finds this holder's own file.
    if (!files.take(holder) && !files.isHeldBy(token, run)) {
      return false;
    }
    if (files.isTakenForSure(holder)) {
      return true;
    }
    predecessor.settle();
    return files.isHeldBy(token, run);
  }

  @SuppressWarnings("FutureReturnValueIgnored") // A beat catches its failures; close ends them.
  private void beginToBeat() {
    long period = terms.expiry().toMillis() / BEATS_PER_EXPIRY;
    heart.scheduleWithFixedDelay(this::beat, period, period, TimeUnit.MILLISECONDS);
  }

  private void beat() {
    long begun = System.nanoTime();
    try {
      if (!files.isHeldBy(token, run)) {
        isLost = true;
        heart.shutdown();
        return;
      }
      files.beat(token, ++beats);
      lastBeat = begun;
    } catch (IOException | RuntimeException | FSError e) {
      // A beat that fails is one that is missing; the next one may do better.
      LOG.warn("writing a sign of life to {} failed: {}", files.path(), Storage.reason(e));
    }
  }

  /** Rises with each holder, as long as the folder is kept. */
  public int token() {
    return token;
  }

  /** Whether no other process can have taken it as far as this one knows; reads no file. */
  public boolean isHeld() {
    return !isLost && silence().compareTo(terms.expiry()) < 0;
  }

  private Duration silence() {
    return Duration.ofNanos(System.nanoTime() - lastBeat);
  }

  @Override
  public void requireHeld() {
    try {
      if (!files.isHeldBy(token, run)) {
        throw lost(null);
      }
    } catch (IOException e) {
      throw Storage.failure("reading " + files.path(), e);
    }
    if (silence().compareTo(terms.expiry()) >= 0) {
      throw new LostLeaseException(
          "%s may have been taken over: this start could give no sign of life for %d s, allowed: %d"
              .formatted(files.path(), silence().toSeconds(), terms.expiry().toSeconds()));
    }
  }

  private LostLeaseException lost(BellowsException cause) throws IOException {
    isLost = true;
    int newest = files.newest();
    return new LostLeaseException(
        "%s was taken over by another start (%s, token %d, this one has %d), which saw no sign of life of this one for %d s"
            .formatted(
                files.path(),
                files.holder(newest).text(),
                newest,
                token,
                terms.expiry().toSeconds()),
        cause);
  }

  @Override
  public boolean create(Path file, byte[] content) {
    return fenced(() -> ExclusiveCreation.write(hadoop, file, content, pending));
  }

  @Override
  public void replace(Path file, byte[] content) {
    if (isWithoutRenames) {
      fenced(
          () -> {
            AtomicFile.write(hadoop, file, content);
            return true;
          });
      return;
    }
    Path temporary = new Path(file.getParent(), ".tmp-" + UUID.randomUUID());
    try {
      AtomicFile.write(hadoop, new Path(temporary, file.getName()), content);
      fenced(
          () -> {
            Path entered = enter(temporary);
            AtomicFile.move(hadoop, new Path(entered, file.getName()), file);
            return true;
          });
    } finally {
      delete(temporary);
    }
  }

  @Override
  public boolean move(Path from, Path to) {
    if (isWithoutRenames) {
      return fenced(() -> ExclusiveCreation.rename(hadoop, from, to));
    }
    return fenced(
        () -> {
          Path entered = enter(from);
          boolean isMoved = ExclusiveCreation.rename(hadoop, entered, to);
          if (!isMoved && !ExclusiveCreation.rename(hadoop, entered, from)) {
            throw new IllegalStateException(from + " is there again");
          }
          return isMoved;
        });
  }

  /** Moves a folder into the pending folder. Fails without it: a rename makes no folders. */
  private Path enter(Path folder) {
    Path entered = new Path(pending, UUID.randomUUID().toString());
    if (!ExclusiveCreation.rename(hadoop, folder, entered)) {
      throw new IllegalStateException(entered + " is there already");
    }
    return entered;
  }

  private <T> T fenced(Supplier<T> step) {
    requireHeld();
    try {
      return step.get();
    } catch (BellowsException e) {
      requirePending(e);
      throw e;
    }
  }

  /** If it is missing, the step failed because the lease is lost. */
  private void requirePending(BellowsException failure) {
    try {
      if (!files.exists(pending)) {
        throw lost(failure);
      }
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  private void delete(Path path) {
    try {
      Storage.fileSystem(hadoop, path).delete(path, true);
    } catch (IOException e) {
      throw Storage.writeFailure(path, e);
    }
  }

  private void giveBack() throws IOException {
    if (!files.isHeldBy(token, run)) {
      return;
    }
    files.removePending(pending);
    if (terms.whenReleased() == LeaseTerms.WhenReleased.REMOVE_FOLDER) {
      files.remove();
    } else {
      files.release(token);
    }
  }

  /** Gives it back. Has no effect when another process has taken it. */
  @Override
  public void close() {
    // A beat that has begun ends: an interrupt would leave an unfinished file.
    heart.shutdown();
    try {
      heart.awaitTermination(terms.expiry().toMillis(), TimeUnit.MILLISECONDS);
      giveBack();
    } catch (IOException e) {
      throw Storage.writeFailure(files.path(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
