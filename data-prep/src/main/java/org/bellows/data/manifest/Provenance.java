// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.manifest;

import java.io.Serializable;

/**
 * Where a dataset came from. Not part of its identity.
 *
 * @param source path that was read
 * @param format of the source, as in source.format
 * @param sourceFingerprint SHA-256 over relative paths, sizes, labels and the settings that shape
 *     the shards
 * @param seed of the global shuffle
 * @param bellowsVersion that wrote the dataset
 * @param channels of the statistics: 1 (grey) or 3 (RGB)
 * @param refused images that were left out
 * @param createdAt ISO-8601, UTC
 */
public record Provenance(
    String source,
    String format,
    String sourceFingerprint,
    long seed,
    String bellowsVersion,
    int channels,
    long refused,
    String createdAt)
    implements Serializable {}
