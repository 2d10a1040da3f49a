// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.registry;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.bellows.conf.BellowsException;
import org.bellows.data.storage.ExclusiveCreation;
import org.bellows.data.storage.Storage;
import org.bellows.worker.files.Json;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right of one process to work on something, until it gives it back or shows no sign of life
 * for too long. In the lease's folder:
 *
 * <pre>
 * TOKEN.json      who took it; created once, by one process; the highest token holds
 * TOKEN.beat      written over and over while the holder lives
 * TOKEN.released  given back
 * </pre>
 *
 * <p>The time since a holder's heartbeat is computed from times that the file system itself put on
 * files: on the last heartbeat and on a file that is written to compare. Clocks of machines take no
 * part, except that a holder counts its own time to know when it may have been given up.
 *
 * <p>No lease can stop a process that checked it, was suspended, and continues long after. Its
 * actions must then be harmless: here versions and promotions are created exclusively, after the
 * state that the holder has read, see {@link CurrentPointer}.
 */
public final class Lease implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Lease.class);
  private static final String TAKEN = ".json";
  private static final String BEAT = ".beat";
  private static final String RELEASED = ".released";
  private static final int BEATS_PER_EXPIRY = 6;

  private final Configuration hadoop;
  private final FileSystem files;
  private final Path folder;
  private final Duration expiry;
  private final int token;
  private final ScheduledExecutorService heart =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "lease-heartbeat");
            thread.setDaemon(true);
            return thread;
          });

  /** {@code System.nanoTime()} just before the last sign of life that was written. */
  private volatile long lastBeat;

  /** The process that holds it. */
  record Holder(int token, String host, long process) {}

  private Lease(Configuration hadoop, Path folder, Duration expiry, int token, long taken) {
    this.hadoop = hadoop;
    this.files = Storage.fileSystem(hadoop, folder);
    this.folder = folder;
    this.expiry = expiry;
    this.token = token;
    this.lastBeat = taken;
  }

  /**
   * Does not wait for another holder, except half an expiry if its last heartbeat has a time in the
   * future.
   *
   * @param folder is made if need be
   * @param expiry after which a holder without heartbeat counts as dead; the same for all processes
   * @throws BellowsException (infrastructure) naming the process that has it
   */
  public static Lease take(Configuration hadoop, Path folder, Duration expiry) {
    try {
      int last = NumberedEntries.last(NumberedEntries.list(hadoop, folder, TAKEN));
      if (last > 0) {
        requireFree(hadoop, folder, last, expiry);
      }
      long taken = System.nanoTime();
      Holder holder = new Holder(last + 1, hostName(), ProcessHandle.current().pid());
      if (!ExclusiveCreation.write(hadoop, file(folder, last + 1, TAKEN), Json.pretty(holder))) {
        throw busy(hadoop, folder, last + 1, "took it at this moment");
      }
      Lease lease = new Lease(hadoop, folder, expiry, last + 1, taken);
      lease.removeOlder();
      lease.beginToBeat();
      return lease;
    } catch (IOException e) {
      throw Storage.writeFailure(folder, e);
    }
  }

  private static void requireFree(Configuration hadoop, Path folder, int token, Duration expiry)
      throws IOException {
    FileSystem files = Storage.fileSystem(hadoop, folder);
    if (files.exists(file(folder, token, RELEASED))) {
      return;
    }
    long sign = sign(files, folder, token);
    long silence = now(files, folder) - sign;
    if (silence <= -expiry.toMillis()) {
      requireSilence(hadoop, folder, token, expiry);
      return;
    }
    if (silence < expiry.toMillis()) {
      throw busy(
          hadoop,
          folder,
          token,
          String.format(
              Locale.ROOT,
              "last sign of life %.1f s ago; after %d s of silence it is taken for dead",
              Math.max(0, silence) * 1e-3,
              expiry.toSeconds()));
    }
    LOG.warn(
        "the holder of token {} of {} was silent for {} ms and is taken for dead",
        token,
        folder,
        silence);
  }

  private static long sign(FileSystem files, Path folder, int token) throws IOException {
    return Math.max(
        modified(files, file(folder, token, TAKEN)), modified(files, file(folder, token, BEAT)));
  }

  /**
   * A last sign of life of tomorrow: the file system's clock was set back since, or the file comes
   * from elsewhere. Whether its holder lives shows in whether another sign comes.
   */
  private static void requireSilence(Configuration hadoop, Path folder, int token, Duration expiry)
      throws IOException {
    FileSystem files = Storage.fileSystem(hadoop, folder);
    long before = sign(files, folder, token);
    try {
      Thread.sleep(expiry.toMillis() / 2);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw BellowsException.infrastructure("waiting for " + folder + " was interrupted", e);
    }
    if (sign(files, folder, token) != before) {
      throw busy(hadoop, folder, token, "it gave a sign of life just now");
    }
    LOG.warn(
        "the holder of token {} of {} left a sign of life that lies in the future, and gives no other: it is taken for dead",
        token,
        folder);
  }

  /** The file system's own time: what it puts on a file that is written now. */
  private static long now(FileSystem files, Path folder) throws IOException {
    Path probe = new Path(folder, ".tmp-" + UUID.randomUUID());
    files.create(probe, true).close();
    try {
      return modified(files, probe);
    } finally {
      files.delete(probe, false);
    }
  }

  /** In milliseconds; 0 where there is no such file. */
  private static long modified(FileSystem files, Path file) throws IOException {
    try {
      return files.getFileStatus(file).getModificationTime();
    } catch (FileNotFoundException e) {
      return 0;
    }
  }

  private static BellowsException busy(
      Configuration hadoop, Path folder, int token, String detail) {
    return BellowsException.infrastructure(
        "%s is held by another start (%s, token %d; %s); nothing was done; try again later"
            .formatted(folder, holder(hadoop, file(folder, token, TAKEN)), token, detail));
  }

  private static String holder(Configuration hadoop, Path file) {
    try {
      Holder holder = Json.read(NumberedEntries.read(hadoop, file), Holder.class, file);
      return "process %d on host %s".formatted(holder.process(), holder.host());
    } catch (BellowsException e) {
      // Gone since it was listed: yet another start has taken over.
      LOG.debug("it is not known who holds {}", file, e);
      return "an unknown process";
    }
  }

  private void removeOlder() throws IOException {
    for (String name : NumberedEntries.names(hadoop, folder)) {
      String digits = name.replaceFirst("\\..*", "");
      if (digits.matches("\\d{1,9}") && Integer.parseInt(digits) < token) {
        files.delete(new Path(folder, name), false);
      }
    }
  }

  private void beginToBeat() {
    long period = expiry.toMillis() / BEATS_PER_EXPIRY;
    heart.scheduleWithFixedDelay(this::beat, period, period, TimeUnit.MILLISECONDS);
  }

  private void beat() {
    long begun = System.nanoTime();
    try {
      if (newestToken() != token) {
        heart.shutdown();
        return;
      }
      files.create(file(folder, token, BEAT), true).close();
      lastBeat = begun;
    } catch (IOException | RuntimeException | FSError e) {
      // A beat that fails is one that is missing; the next one may do better.
      LOG.warn("writing a sign of life to {} failed: {}", folder, Storage.reason(e));
    }
  }

  private int newestToken() {
    return NumberedEntries.last(NumberedEntries.list(hadoop, folder, TAKEN));
  }

  /** Rises with each holder. */
  public int token() {
    return token;
  }

  /**
   * To be called before anything that only the holder may do.
   *
   * @throws LostLeaseException when another process has taken it, or may have
   */
  public void requireHeld() {
    int newest = newestToken();
    if (newest != token) {
      throw new LostLeaseException(
          "%s was taken over by another start (token %d, this one has %d), which saw no sign of life of this one for %d s"
              .formatted(folder, newest, token, expiry.toSeconds()));
    }
    Duration silence = Duration.ofNanos(System.nanoTime() - lastBeat);
    if (silence.compareTo(expiry) >= 0) {
      throw new LostLeaseException(
          "%s may have been taken over: this start could give no sign of life for %d s, allowed: %d"
              .formatted(folder, silence.toSeconds(), expiry.toSeconds()));
    }
  }

  /** Gives it back. Has no effect when another process has taken it. */
  @Override
  public void close() {
    heart.shutdownNow();
    try {
      heart.awaitTermination(expiry.toMillis(), TimeUnit.MILLISECONDS);
      if (newestToken() == token) {
        files.create(file(folder, token, RELEASED), true).close();
      }
    } catch (IOException e) {
      throw Storage.writeFailure(folder, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Path file(Path folder, int token, String suffix) {
    return new Path(folder, token + suffix);
  }

  /** Only to be shown. */
  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown";
    }
  }
}
