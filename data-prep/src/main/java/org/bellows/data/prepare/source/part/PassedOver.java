// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source.part;

/**
 * An entry that, by its name, was never meant as an image of the source. A folder counts as one,
 * whatever it contains: it is not entered.
 *
 * @param path relative to the source with forward slashes
 * @param kind a few words, for counting
 */
public record PassedOver(String path, String kind) implements ListedEntry {
  /** Kind of files whose ending is too odd to be a kind. */
  public static final String OTHER_ENDING = "other ending";
}
