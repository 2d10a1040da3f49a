// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.checkpoint;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;
import org.bellows.data.storage.AtomicFile;
import org.bellows.data.storage.FileContents;
import org.bellows.data.storage.Storage;
import org.bellows.worker.files.Json;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right to write checkpoints: it belongs to the attempt that {@code attempt.json} in the run's
 * folder names. The driver writes it when an attempt begins; an executor that was cut off and lives
 * on finds another name there, and writes nothing any more.
 *
 * <p>File systems have no compare-and-set, so an attempt that looked just before it was replaced
 * may still finish that one checkpoint. It contains the bits that any other attempt would write; it
 * must not then remove a checkpoint from which the new attempt resumes, and it does not.
 */
public final class WriteFence {
  private static final Logger LOG = LoggerFactory.getLogger(WriteFence.class);
  private static final String NAME = "attempt.json";

  private final Configuration hadoop;
  private final Path file;

  /**
   * @param job public name of one start of the job
   * @param number of the attempt within it, from 1
   */
  public record Attempt(String job, int number) {}

  WriteFence(Configuration hadoop, Path run) {
    this.hadoop = hadoop;
    this.file = new Path(run, NAME);
  }

  /** No other attempt may write after this call. */
  void raise(Attempt attempt) {
    AtomicFile.write(hadoop, file, Json.pretty(attempt));
  }

  /**
   * @throws BellowsException (infrastructure) when it is another's turn
   */
  void require(Attempt mine) {
    Optional<Attempt> current = current();
    if (!current.equals(Optional.of(mine))) {
      throw BellowsException.infrastructure(
          "attempt %d of job %s may not write below %s any more: %s"
              .formatted(
                  mine.number(),
                  mine.job(),
                  file.getParent(),
                  current
                          .map(
                              other ->
                                  "attempt %d of job %s".formatted(other.number(), other.job()))
                          .orElse("nobody")
                      + " may"));
    }
  }

  /** Empty if no attempt has written yet, or if the file cannot be read. */
  Optional<Attempt> current() {
    try {
      byte[] content = FileContents.read(hadoop, file, FileContents.MOST_DESCRIPTION_BYTES);
      return Optional.of(Json.read(content, Attempt.class, file));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw Storage.failure("reading " + file, e);
    } catch (BellowsException e) {
      if (e.category() != ErrorCategory.DATA) {
        throw e;
      }
      LOG.warn("it is not known which attempt may write: {}", e.getMessage());
      return Optional.empty();
    }
  }
}
