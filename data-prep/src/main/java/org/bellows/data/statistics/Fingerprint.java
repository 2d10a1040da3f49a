// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.statistics;

import java.io.Serializable;

/**
 * A sample by its bytes, to find its copies.
 *
 * @param sha256 first 128 bits of the encoded picture's SHA-256, in hexadecimal
 */
public record Fingerprint(String sha256, String split, long id, int label, String source)
    implements Serializable {
  static final int DIGITS = 32;
}
