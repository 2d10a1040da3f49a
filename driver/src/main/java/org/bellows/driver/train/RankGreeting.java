// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.train;

import org.bellows.worker.processor.RankProcessor;

/**
 * What a rank tells the others when they meet.
 *
 * @param address host:port where it can be reached
 * @param processor that it computes on
 */
record RankGreeting(String address, RankProcessor processor) {
  private static final String SEPARATOR = "\n";

  /** Two lines, which {@link #parse} reads. */
  String text() {
    return address + SEPARATOR + processor.text();
  }

  static RankGreeting parse(String text) {
    int end = text.indexOf(SEPARATOR);
    return new RankGreeting(text.substring(0, end), RankProcessor.parse(text.substring(end + 1)));
  }

  String host() {
    return address.substring(0, address.lastIndexOf(':'));
  }
}
