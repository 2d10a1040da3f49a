package org.bellows.data.prepare;

/** An item is left out for another reason than its image. The message is a predicate. */
final class ItemRefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String kind;

  ItemRefusedException(String kind, String message) {
    super(message, null, false, false);
    this.kind = kind;
  }

  String kind() {
    return kind;
  }
}
