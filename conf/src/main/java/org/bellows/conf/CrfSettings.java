// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.conf;

import java.io.Serializable;

/**
 * {@code crf}: the conditional random field on a network's answers for pixels. Meaning and unit of
 * each value are in {@code reference.conf}.
 */
public record CrfSettings(
    @Key(identity = Identity.NEVER) boolean enabled,
    @Key(identity = Identity.NEVER, min = 1, max = 1000) int iterations,
    @Key(identity = Identity.NEVER, min = 0, max = 1000) double appearanceWeight,
    @Key(identity = Identity.NEVER, min = 1, max = 10_000) double appearancePixels,
    @Key(identity = Identity.NEVER, min = 1, max = 1000) double appearanceLevels,
    @Key(identity = Identity.NEVER, min = 0, max = 1000) double smoothnessWeight,
    @Key(identity = Identity.NEVER, min = 0.5, max = 10_000) double smoothnessPixels)
    implements Serializable {}
