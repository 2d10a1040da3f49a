package org.bellows.data.prepare;

/** Told from time to time how far the job is. */
@FunctionalInterface
public interface ProgressListener {
  /**
   * @param done images that were written or refused
   * @param total images of the source
   */
  void progress(long done, long total);
}
