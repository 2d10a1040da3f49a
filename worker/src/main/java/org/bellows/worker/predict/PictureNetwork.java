// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.predict;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.bellows.data.batch.InputSpec;

/**
 * Networks that answer batches of pictures, one batch after the other, for any number of threads.
 *
 * @param <A> what is answered of a picture
 */
public interface PictureNetwork<A> {
  /** How pictures become the networks' input. */
  InputSpec input();

  /**
   * Computes when it is this batch's turn.
   *
   * @param pixels [n, views, channels, height, width]; not to be changed until it is done
   * @return n answers
   */
  CompletableFuture<List<A>> submit(float[] pixels, int n, int views);

  /**
   * What stands for a picture that was refused.
   *
   * @param reason a predicate: "is truncated: ..."
   */
  A refused(String reason);
}
