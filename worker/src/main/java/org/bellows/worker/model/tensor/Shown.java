package org.bellows.worker.model.tensor;

import org.bellows.conf.Printable;

/** A name from somebody's file, fit for a message: printable, not too long. */
public final class Shown {
  private static final int LONGEST = 120;

  private Shown() {}

  public static String name(String name) {
    return name.length() > LONGEST
        ? Printable.name(name.substring(0, LONGEST)) + ".."
        : Printable.name(name);
  }
}
