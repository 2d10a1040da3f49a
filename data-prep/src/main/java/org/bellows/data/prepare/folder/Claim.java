// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.folder;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.ChecksumFileSystem;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.bellows.conf.BellowsException;
import org.bellows.data.storage.NewFile;
import org.bellows.data.storage.Storage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file that says that a run is at work in a folder. While it lives, the run writes a rising count
 * into it; a claim whose count stands still belongs to a run that is gone, and is taken over. No
 * clocks are compared. It keeps two runs out of each other's way; that neither can damage the
 * other's files does not rest on it (see {@link StagingFolder}).
 */
public final class Claim implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Claim.class);
  private static final String UNKNOWN = "unknown";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final FileSystem files;
  private final Path file;
  private final Pace pace;
  private final String run = UUID.randomUUID().toString();
  private final AtomicReference<String> takenBy = new AtomicReference<>();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "prepare-claim");
            thread.setDaemon(true);
            return thread;
          });
  private long count;

  /** The content of the file. */
  record Content(String run, String host, long count) {
    Content {
      host = host == null ? UNKNOWN : host;
    }
  }

  /** The claim of a file that is being written, or has other content. */
  private static final Content NOBODYS = new Content("", UNKNOWN, -1);

  /**
   * @param beatMilliseconds between two writes
   * @param silenceMilliseconds after which a claim is dead; several beats
   */
  public record Pace(long beatMilliseconds, long silenceMilliseconds) {
    public static final Pace USUAL = new Pace(2_000, 10_000);
  }

  /**
   * A local file without Hadoop's checksum beside it: a reader during a write would find that the
   * two do not match, and Hadoop logs a warning with a trace of that.
   */
  private Claim(FileSystem files, Path file, Pace pace) {
    this.files = files instanceof ChecksumFileSystem checked ? checked.getRawFileSystem() : files;
    this.file = file;
    this.pace = pace;
  }

  /**
   * Waits for as long as it takes to see whether an older claim is alive.
   *
   * @param file its folder is made if need be
   * @throws BellowsException (configuration) when another run is at work there
   */
  public static Claim take(FileSystem files, Path file, Pace pace) throws IOException {
    Claim claim = new Claim(files, file, pace);
    try {
      claim.take();
    } catch (IOException | RuntimeException | FSError e) {
      claim.timer.shutdownNow();
      throw e;
    }
    return claim;
  }

  /**
   * @throws BellowsException (infrastructure) when another run has taken the folder since
   */
  public void requireHeld() {
    if (takenBy.get() != null) {
      throw BellowsException.infrastructure(
          "%s was taken over by another run on host %s, which saw no sign of life of this one"
              .formatted(file.getParent(), takenBy.get()));
    }
  }

  /** Whether no other run is known to have taken the folder. */
  public boolean isHeld() {
    return takenBy.get() == null;
  }

  /** Removes the file, unless it is another run's by now. */
  @Override
  public void close() {
    // A beat that is under way ends: interrupted, it would leave an empty file.
    timer.shutdown();
    try {
      timer.awaitTermination(pace.silenceMilliseconds(), TimeUnit.MILLISECONDS);
      if (isOurs(read())) {
        files.delete(file, false);
      }
    } catch (IOException e) {
      throw Storage.failure("removing " + file, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void take() throws IOException {
    Optional<Content> before = read();
    if (before.isPresent()) {
      requireDead(before.get());
      write(true);
    } else {
      try {
        write(false);
      } catch (FileAlreadyExistsException e) {
        throw busy(read());
      }
    }
    // If two arrive at once, the last to write stays.
    sleep(Math.min(pace.beatMilliseconds() / 4, 200));
    Optional<Content> after = read();
    if (!isOurs(after)) {
      throw busy(after);
    }
    timer.scheduleWithFixedDelay(
        this::beat, pace.beatMilliseconds(), pace.beatMilliseconds(), TimeUnit.MILLISECONDS);
  }

  /** A claim that cannot be read, or is being written, is one that lives. */
  private void requireDead(Content first) throws IOException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(pace.silenceMilliseconds());
    while (System.nanoTime() < end) {
      sleep(Math.min(pace.beatMilliseconds() / 2, 500));
      Optional<Content> now = read();
      if (now.isEmpty()) {
        // It was given up meanwhile; the first to arrive takes it.
        return;
      }
      if (!now.get().equals(first)) {
        throw busy(now);
      }
    }
  }

  private void beat() {
    try {
      Optional<Content> now = read();
      if (now.isPresent() && !isOurs(now)) {
        takenBy.set(now.get().host());
        timer.shutdown();
        return;
      }
      write(true);
    } catch (IOException | RuntimeException | FSError e) {
      // A beat that fails is one that is missing; the next one may do better.
      LOG.warn("writing {} failed: {}", file, Storage.reason(e));
    }
  }

  private void write(boolean overwrite) throws IOException {
    try (OutputStream out = NewFile.create(files, file, overwrite)) {
      out.write(JSON.writeValueAsBytes(new Content(run, hostName(), count++)));
    }
  }

  /** Empty when there is no file; a file that is being written is a claim without an owner. */
  private Optional<Content> read() throws IOException {
    try (InputStream in = files.open(file)) {
      Content content = JSON.readValue(in.readAllBytes(), Content.class);
      return Optional.of(content == null || content.run() == null ? NOBODYS : content);
    } catch (FileNotFoundException e) {
      return Optional.empty();
    } catch (JsonProcessingException | ChecksumException e) {
      return Optional.of(NOBODYS);
    }
  }

  /** Only to be shown: a host that does not know its own name may prepare data all the same. */
  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return UNKNOWN;
    }
  }

  private boolean isOurs(Optional<Content> content) {
    return content.isPresent() && content.get().run().equals(run);
  }

  private BellowsException busy(Optional<Content> other) {
    return BellowsException.configuration(
        "data.path %s is being prepared by another run (on host %s); wait for it, or give another data.path"
            .formatted(file.getParent(), other.map(Content::host).orElse(UNKNOWN)));
  }

  private static void sleep(long milliseconds) {
    try {
      Thread.sleep(milliseconds);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw BellowsException.infrastructure("prepare was interrupted", e);
    }
  }
}
