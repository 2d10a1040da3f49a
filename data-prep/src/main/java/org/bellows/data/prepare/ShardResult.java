package org.bellows.data.prepare;

import java.io.Serializable;
import java.util.List;

/**
 * What one task did. Failures that another try would not mend come back as data: thrown, Spark
 * would try again and hand the driver a stack trace in place of a sentence.
 *
 * @param file name of the file that was written, of this attempt alone
 * @param blockSamples empty when every image was refused; there is no file then
 * @param imageBytes sum over the images
 * @param failure null, or why the shard could not be written
 */
record ShardResult(
    String file,
    long bytes,
    String sha256,
    List<Integer> blockSamples,
    long imageBytes,
    PixelMoments moments,
    List<RefusedFile> refused,
    Failure failure)
    implements Serializable {
  /** A sentence, and whether the machine (rather than the data) is at fault. */
  record Failure(String message, boolean isInfrastructure) implements Serializable {}

  static ShardResult failed(String message, boolean isInfrastructure) {
    return new ShardResult(
        "", 0, "", List.of(), 0, null, List.of(), new Failure(message, isInfrastructure));
  }

  long samples() {
    return blockSamples.stream().mapToLong(Integer::longValue).sum();
  }
}
