// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.mask;

/** A mask whose pixels mean nothing under the rules. The message is a predicate. */
public final class MaskRefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  MaskRefusedException(String message) {
    // Refusals are data, gathered by the thousand: no stack trace.
    super(message, null, false, false);
  }
}
