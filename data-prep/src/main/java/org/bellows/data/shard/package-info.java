// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Shards: Parquet files that hold encoded images. Readable by any Parquet tool.
 *
 * <p>Format version 1. Uncompressed (images are compressed already), plain encodings, page
 * checksums on; the key {@code bellows.shard-format} of the footer says "1". One row a sample,
 * columns:
 *
 * <pre>
 * required int32  label      index into the manifest's classes; -1 where it has none, or any number
 * required binary encoding   (UTF-8) jpeg | png | raw8
 * required int32  height     pixels, as displayed (EXIF orientation applied)
 * required int32  width      pixels, as displayed
 * required int32  channels   of the decoded picture: 1 grey or 3 RGB
 * required binary source     (UTF-8) path relative to the source, or file#index
 * required binary image      the file's bytes as they were; raw8: height x width x channels bytes, row-major
 * optional binary mask       label map of the same height x width, a PNG of one grey value a pixel: an
 *                            index into the manifest's pixelClasses, or 255: void; where the manifest says
 *                            instances, of three: the label, and an object's number / 256 and % 256, 0: none;
 *                            the column is there only where the source can have masks
 * required list   labels     of int32, rising: indices into the manifest's classes; the column is there only
 *                            where the manifest says multiLabel
 * </pre>
 *
 * A block is one row group: the unit of reading. A sample's id is its position in the split (rows
 * of the shards before it, plus its row); it is not stored. The bytes of a shard depend on its
 * samples and the block size alone: row groups are not aligned to a file system's blocks, and the
 * footer lists a column's encodings in their numbers' order.
 */
package org.bellows.data.shard;
