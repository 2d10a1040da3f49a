// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Kinds of source that {@code prepare} reads. The driver looks at a source's top only ({@link
 * org.bellows.data.prepare.source.Sources}: split and class folders, archives, heads of files) and
 * cuts it into {@link org.bellows.data.prepare.source.part.SourcePart parts}; tasks list the parts,
 * an image at a time, so that nothing as long as the number of images is ever held in memory.
 *
 * <p>No Spark here: a part is listed in whatever process asks. A new kind of source is one class
 * that finds its parts, its {@code SourcePart}, and one line in {@code Sources}.
 */
package org.bellows.data.prepare.source;
