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
 * Who may write checkpoints: the attempt that {@code attempt.json} in the run's folder names. The
 * driver writes it when an attempt begins; an executor that was cut off and lives on finds another
 * name there, and writes nothing any more.
 *
 * <p>File systems have no compare-and-set, so an attempt that looked just before it was replaced
 * may still finish that one checkpoint. It holds the bits that any other attempt would write; what
 * must not happen, and does not, is that it goes on to remove what the new attempt goes on from.
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

  /** From now on nobody else may write. */
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

  /** Empty where nobody has written yet, or it cannot be made out who. */
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
