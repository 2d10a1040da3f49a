// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.checkpoint;

import java.io.Serializable;
import java.util.Map;
import org.bellows.data.storage.FormatVersion;

/**
 * Where a run stands.
 *
 * @param formatVersion of this record
 * @param step updates done
 * @param samples seen by those updates
 * @param parametersSha256 of the flat vector
 * @param identity everything that the run's result is a function of: configuration keys, dataset
 * @param provenance libraries and processor that computed it; not compared
 */
public record TrainingState(
    int formatVersion,
    long step,
    long samples,
    String parametersSha256,
    Map<String, String> identity,
    Map<String, String> provenance)
    implements Serializable {
  public static final int FORMAT_VERSION = 1;
  static final FormatVersion FORMAT = new FormatVersion(1, FORMAT_VERSION);
}
