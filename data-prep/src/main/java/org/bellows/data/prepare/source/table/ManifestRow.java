// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source.table;

import java.util.List;
import java.util.Map;

/**
 * One row of a manifest.
 *
 * @param number from 1; the header of a CSV file counts
 * @param values by column; null when the row cannot be understood
 * @param labels null where there are none
 * @param problem null, or why it cannot, as a predicate
 */
record ManifestRow(long number, Map<String, String> values, List<String> labels, String problem) {
  static ManifestRow bad(long number, String problem) {
    return new ManifestRow(number, null, null, problem);
  }

  /** The value without white space around it; empty where there is none. */
  String value(String column) {
    String value = values.get(column);
    return value == null ? "" : value.strip();
  }
}
