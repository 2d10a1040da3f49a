// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.manifest;

import java.io.Serializable;

/**
 * A class of the pixels of a label map. A label is an index into the manifest's list of these.
 *
 * @param name such as "road"
 * @param colour that it is drawn in: {@code #rrggbb}, lower case
 */
public record PixelClass(String name, String colour) implements Serializable {
  /** Label of pixels that are of no class: they are neither learned nor counted. */
  public static final int VOID = 255;

  /** How many classes there can be: labels below {@link #VOID}. */
  public static final int MOST = VOID;
}
