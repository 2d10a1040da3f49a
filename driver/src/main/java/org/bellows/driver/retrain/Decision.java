// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.retrain;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.bellows.data.storage.FormatVersion;
import org.bellows.driver.registry.DatasetDifference;
import org.bellows.driver.registry.Score;
import org.bellows.worker.files.NullableMember;

/**
 * How a retraining ended: {@code decision.json}.
 *
 * @param formatVersion of this record
 * @param decision number, from 1
 * @param why in a sentence
 * @param version that was made, or null
 * @param score of that version, or null
 * @param baseline version that was current before, or null
 * @param baselineScore of that one on the same samples, or null
 * @param startedFrom version whose parameters training started from, or null: from the seed
 * @param datasetSha256 identity of the dataset
 * @param data the new data in it, or null when an older one is not known
 * @param decidedAt ISO-8601, UTC
 */
public record Decision(
    int formatVersion,
    int decision,
    Outcome outcome,
    String why,
    Integer version,
    @NullableMember Score score,
    Integer baseline,
    @NullableMember Score baselineScore,
    Integer startedFrom,
    String datasetSha256,
    @NullableMember DatasetDifference data,
    String decidedAt) {
  static final int FORMAT_VERSION = 1;
  static final FormatVersion FORMAT = new FormatVersion(1, FORMAT_VERSION);

  /** The outcome. */
  public enum Outcome {
    /** The new version is current. */
    @JsonProperty("promoted")
    PROMOTED("promoted"),
    /** The new version is there; the old one is still current. */
    @JsonProperty("kept")
    KEPT("kept"),
    /** The plan no longer held. */
    @JsonProperty("abandoned")
    ABANDONED("abandoned");

    private final String word;

    Outcome(String word) {
      this.word = word;
    }

    /** The word in files. */
    public String word() {
      return word;
    }
  }
}
