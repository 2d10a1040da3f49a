// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.retrain;

import java.util.Map;
import org.bellows.data.storage.FormatVersion;

/**
 * The plan of a retraining; it is resumed only while it holds.
 *
 * @param formatVersion of this record
 * @param decision number, from 1
 * @param datasetSha256 identity of the dataset
 * @param dataPath where it was
 * @param base entry of the current pointer that it builds on, 0: none
 * @param baseVersion version that was current, or null
 * @param startFrom version whose parameters training starts from, or null: from the seed
 * @param settings those that training and decision depend on, key to value
 * @param begunAt ISO-8601, UTC
 */
public record RetrainPlan(
    int formatVersion,
    int decision,
    String datasetSha256,
    String dataPath,
    int base,
    Integer baseVersion,
    Integer startFrom,
    Map<String, String> settings,
    String begunAt) {
  static final int FORMAT_VERSION = 1;
  static final FormatVersion FORMAT = new FormatVersion(1, FORMAT_VERSION);
}
