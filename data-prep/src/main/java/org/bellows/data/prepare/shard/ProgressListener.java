// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.shard;

/** Called from time to time with the progress of the job. */
@FunctionalInterface
public interface ProgressListener {
  /**
   * How far it is.
   *
   * @param images that were written or refused
   * @param totalImages of the source
   * @param bytes of these images, as they were listed
   */
  record Done(long images, long totalImages, long bytes, long totalBytes) {}

  void progress(Done done);
}
