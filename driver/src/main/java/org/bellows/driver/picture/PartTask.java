// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.picture;

import java.io.Serializable;
import java.util.Iterator;

/**
 * What is done with a part of the pictures, in a task.
 *
 * @param <P> the result of a part
 */
@FunctionalInterface
public interface PartTask<P> extends Serializable {
  /**
   * @param number of the part, from 0
   * @param pictures in order; each is read when it is asked for
   */
  P run(int number, Iterator<Picture> pictures);
}
