// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.kubernetes;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Map;

/**
 * The parts of other schedulers' interfaces that our files use, written down from their references:
 * {@code scheduling.volcano.sh/v1beta1} of Volcano, and the annotation {@code
 * yunikorn.apache.org/task-groups} of Apache YuniKorn. A field that is not here is refused.
 */
final class GangSchedulers {
  private GangSchedulers() {}

  /** Of Volcano. */
  record PodGroup(
      @JsonProperty(required = true) String apiVersion,
      @JsonProperty(required = true) String kind,
      @JsonProperty(required = true) ObjectMeta metadata,
      @JsonProperty(required = true) PodGroupSpec spec) {}

  record PodGroupSpec(
      @JsonProperty(required = true) Integer minMember,
      @JsonProperty(required = true) Map<String, Quantity> minResources,
      String queue,
      String priorityClassName) {}

  /** Of YuniKorn. */
  record TaskGroup(
      @JsonProperty(required = true) String name,
      @JsonProperty(required = true) Integer minMember,
      @JsonProperty(required = true) Map<String, Quantity> minResource) {}
}
