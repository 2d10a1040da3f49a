// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Reads images of a source: from an item to its bytes ({@code ContentReader}), to what a shard
 * stores of it ({@link org.bellows.data.prepare.image.SampleReader}), or to pixels for a job that
 * reads the source itself ({@link org.bellows.data.prepare.image.SourceImages}). Nothing is written
 * here.
 */
package org.bellows.data.prepare.image;
