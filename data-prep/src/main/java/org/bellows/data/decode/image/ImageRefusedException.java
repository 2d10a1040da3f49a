// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.decode.image;

/** A file that is not decoded, and why. The message is a predicate: "is truncated: ...". */
public final class ImageRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Kinds of refusal, for counting. */
  public enum Reason {
    /** Neither JPEG nor PNG by its first bytes. */
    NOT_AN_IMAGE,
    /** A side of zero pixels. */
    ZERO_SIZE,
    /** More pixels than the cap allows. */
    TOO_LARGE,
    /** The file ends before its end marker. */
    TRUNCATED,
    /** Its structure contradicts the format. */
    CORRUPT,
    /** Valid, but of a kind that is not decoded (lossless JPEG, 12 bits, ...). */
    UNSUPPORTED,
    /** The structure was sound and the decoder still failed. */
    DECODE_FAILED,
    /** There is no such file, or not all of it can be had. */
    UNREADABLE
  }

  private final Reason reason;

  public ImageRefusedException(Reason reason, String message) {
    // Refusals are data, gathered by the thousand: no stack trace.
    super(message, null, false, false);
    this.reason = reason;
  }

  public static ImageRefusedException corruptJpeg(String what) {
    return new ImageRefusedException(Reason.CORRUPT, "is a corrupt JPEG: " + what);
  }

  public static ImageRefusedException corruptPng(String what) {
    return new ImageRefusedException(Reason.CORRUPT, "is a corrupt PNG: " + what);
  }

  public Reason reason() {
    return reason;
  }
}
