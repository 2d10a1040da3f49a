// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.conf.check;

/** Where a check tells what is wrong. It goes on afterwards, so that all problems are reported. */
@FunctionalInterface
public interface Problems {
  /**
   * @param key of the setting
   * @param message a sentence with the value and what is allowed
   */
  void add(String key, String message);
}
