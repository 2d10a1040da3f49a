// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.picture;

import java.util.function.Supplier;
import org.bellows.data.shard.EncodedSample;

/**
 * A picture before it is read.
 *
 * @param id its place in its split, source or list
 * @param split null where none is known
 * @param source where it came from
 * @param label index into the classes, or null
 * @param className of the label, or null
 * @param sample reads and checks it
 */
public record Picture(
    long id,
    String split,
    String source,
    Integer label,
    String className,
    Supplier<EncodedSample> sample) {}
