// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.registry;

import java.util.List;
import java.util.Map;
import org.bellows.data.storage.FormatVersion;
import org.bellows.worker.files.NullableMember;

/**
 * The facts of a version without reading its model: {@code version.json}.
 *
 * @param formatVersion of this record
 * @param decision number of the retraining decision that it was made for; one version each
 * @param createdAt ISO-8601, UTC
 * @param bellowsVersion that trained it
 * @param network as in {@code model.name}
 * @param classes in label order
 * @param parametersSha256 of the flat vector
 * @param datasetSha256 identity of the dataset whose manifest is {@code dataset.json}
 * @param dataPath where that dataset was
 * @param startedFrom version whose parameters it began with, or null: from the seed
 * @param score on the held-out split
 * @param baseline version that was current then, or null
 * @param baselineScore of that one on the same samples, or null
 * @param training the metrics in the training's {@code result.json}
 */
public record VersionCard(
    int formatVersion,
    int decision,
    String createdAt,
    String bellowsVersion,
    String network,
    List<String> classes,
    String parametersSha256,
    String datasetSha256,
    String dataPath,
    Integer startedFrom,
    Score score,
    Integer baseline,
    @NullableMember Score baselineScore,
    Map<String, Object> training) {
  public static final int FORMAT_VERSION = 1;
  static final FormatVersion FORMAT = new FormatVersion(1, FORMAT_VERSION);
}
