package org.bellows.worker.model.tensor;

/** A name from somebody's file, fit for a message: no control characters, not too long. */
public final class Shown {
  private static final int LONGEST = 120;

  private Shown() {}

  public static String name(String name) {
    StringBuilder shown = new StringBuilder();
    for (int i = 0; i < name.length() && i < LONGEST; i++) {
      char c = name.charAt(i);
      boolean plain = c >= ' ' && c < 0x7f;
      shown.append(plain ? c : '?');
    }
    return name.length() > LONGEST ? shown + ".." : shown.toString();
  }
}
