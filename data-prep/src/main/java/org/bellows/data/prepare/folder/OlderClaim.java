// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.folder;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.apache.hadoop.fs.ChecksumFileSystem;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.bellows.conf.BellowsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file that builds up to November 2026 wrote in {@code data.path} while they prepared: its
 * count rises every two seconds. This build does not write it, but does not disturb a run of such a
 * build. (That run does not see the lease of this one.)
 */
final class OlderClaim {
  static final String NAME = ".prepare-claim.json";

  /** After which those builds themselves treated a claim as dead. */
  static final Duration SILENCE = Duration.ofSeconds(10);

  private static final Logger LOG = LoggerFactory.getLogger(OlderClaim.class);
  private static final int POLLS = 20;

  private final FileSystem files;
  private final Path file;
  private final Duration silence;

  /** Those builds wrote it without Hadoop's checksum beside it. */
  OlderClaim(FileSystem files, Path folder, Duration silence) {
    this.files = files instanceof ChecksumFileSystem checked ? checked.getRawFileSystem() : files;
    this.file = new Path(folder, NAME);
    this.silence = silence;
  }

  /**
   * Waits to see whether it changes, and removes it if it does not. Any content is a claim.
   *
   * @return the host of the run that it belongs to, if that run is alive
   */
  Optional<String> hostIfAlive() throws IOException {
    Optional<byte[]> before = read();
    if (before.isEmpty()) {
      return Optional.empty();
    }
    long end = System.nanoTime() + silence.toNanos();
    while (System.nanoTime() < end) {
      sleep(silence.toMillis() / POLLS);
      Optional<byte[]> now = read();
      if (now.isEmpty()) {
        return Optional.empty();
      }
      if (!Arrays.equals(now.get(), before.get())) {
        return Optional.of(host(now.get()));
      }
    }
    LOG.warn("{} did not change for {} ms: its run is taken for dead", file, silence.toMillis());
    files.delete(file, false);
    return Optional.empty();
  }

  private Optional<byte[]> read() throws IOException {
    try (InputStream in = files.open(file)) {
      return Optional.of(in.readAllBytes());
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }

  /** "unknown" while it is being written. */
  private static String host(byte[] content) {
    try {
      return new ObjectMapper().readTree(content).path("host").asText("unknown");
    } catch (IOException e) {
      LOG.debug("the claim is being written", e);
      return "unknown";
    }
  }

  private void sleep(long milliseconds) {
    try {
      Thread.sleep(milliseconds);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw BellowsException.infrastructure("prepare was interrupted", e);
    }
  }
}
