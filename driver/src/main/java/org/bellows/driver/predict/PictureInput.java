// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.predict;

import java.util.function.Supplier;
import org.bellows.data.shard.EncodedSample;

/**
 * A picture before it is read.
 *
 * @param id its place among all
 * @param source where it came from
 * @param name of its files, without folder and ending
 * @param picture reads and checks it
 */
record PictureInput(long id, String source, String name, Supplier<EncodedSample> picture) {}
