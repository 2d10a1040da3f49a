// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.image;

/** An item is left out for another reason than its image. The message is a predicate. */
public final class ItemRefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String kind;

  ItemRefusedException(String kind, String message) {
    super(message, null, false, false);
    this.kind = kind;
  }

  public String kind() {
    return kind;
  }
}
