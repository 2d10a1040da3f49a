// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.Serializable;
import java.util.List;
import org.bellows.worker.files.NullableMember;

/**
 * Of a model for samples of any number of classes: its probabilities are sigmoids.
 *
 * @param thresholds by class: those of the largest F1 on the split that the training evaluated;
 *     empty where it evaluated none
 */
public record MultiLabel(
    @JsonProperty @NullableMember @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<Double> thresholds)
    implements Serializable {
  public MultiLabel {
    thresholds = thresholds == null ? List.of() : List.copyOf(thresholds);
  }
}
