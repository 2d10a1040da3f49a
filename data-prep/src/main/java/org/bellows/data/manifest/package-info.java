// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * The description of a prepared dataset. {@code manifest.json} is in the dataset's folder and is
 * written last: a folder without it is not a dataset.
 *
 * <p>Format version 1, 2 where there are pixel classes, and 3 where samples have any number of
 * classes, JSON:
 *
 * <pre>
 * formatVersion   1 | 2 | 3
 * classes         names; a sample's label is an index into them. Format 2: empty where samples have a
 *                 label map and no label
 * pixelClasses[]  format 2: name, colour (#rrggbb); a label map's label is an index into them, or 255: void
 * instances       format 2: true where label maps have the numbers of objects beside labels; else absent
 * multiLabel      format 3: true, a sample has any number of classes; else absent
 * splits[]        name, samples, bytes (of images), mean[], standardDeviation[] (1 or 3 channels, 0..1),
 *                 shards[]: path (relative to the dataset), bytes, sha256, blockSamples[] (rows of each block);
 *                 format 2: labelPixels[]: label, pixels, pictures, pixelsOfPictures of each label that
 *                 occurs; void is 255
 * provenance      where the data came from and with which settings; not part of the dataset's identity
 * </pre>
 *
 * The identity of a dataset is the SHA-256 of the canonical JSON (keys sorted, no white space) of
 * all but {@code provenance}: times, machines and paths do not change what the data is. In it a
 * path {@code shards/WRITER/NAME} (16 digits in base 16: object stores have it) is {@code
 * shards/NAME}.
 */
package org.bellows.data.manifest;
