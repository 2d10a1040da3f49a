// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.model.tensor;

import org.bellows.conf.text.PrintableText;

/** A name from a foreign file, fit for a message: printable, not too long. */
public final class PrintableName {
  private static final int LONGEST = 120;

  private PrintableName() {}

  public static String name(String name) {
    return name.length() > LONGEST
        ? PrintableText.name(name.substring(0, LONGEST)) + ".."
        : PrintableText.name(name);
  }
}
