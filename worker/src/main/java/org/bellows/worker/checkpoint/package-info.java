// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Checkpoints of a run, below its folder:
 *
 * <pre>
 * checkpoints/step-000001234/
 *   parameters.bin   one float array, the flat vector
 *   optimizer.bin    the optimizer's state arrays, the slices of all ranks joined
 *   state.json       {@link org.bellows.worker.checkpoint.TrainingState}
 *   MANIFEST.json    written last
 * checkpoints/best/
 *   scores.json      {"steps": {"1234": 0.71, ...}}: the steps that are kept for their score
 *   MANIFEST.json
 * attempt.json             who may write: {"job": "0123456789abcdef", "number": 3}
 * checkpoints/.tmp-UUID/   being written, or left by a writer that died
 * </pre>
 *
 * <p>A {@code .bin} file, little-endian: int magic 0x46574C42 ("BLWF" in a hex dump), int version
 * 1, int number of arrays, int floats in each, then the floats array by array, IEEE 754 single
 * precision ({@link org.bellows.worker.files.FloatArrays}).
 *
 * <p>{@code MANIFEST.json}: {@code formatVersion} 1, and of each other file its length in bytes and
 * its SHA-256 as 64 hexadecimal digits ({@link org.bellows.worker.files.VerifiedFolder}). JSON has
 * its keys sorted, so that equal content is equal bytes. A checkpoint is good when every file that
 * the manifest lists has that length and that digest; any other file in the folder is ignored.
 * Reading one makes arrays, numbers and text of it, and nothing else: no class is loaded or code
 * run that it names.
 *
 * <p>No byte of it depends on how many workers wrote it. An example is in the tests' {@code
 * golden-run}.
 */
package org.bellows.worker.checkpoint;
