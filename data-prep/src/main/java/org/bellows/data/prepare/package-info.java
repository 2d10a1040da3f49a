// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * The Spark job that turns raw images into a prepared dataset. This package and those below it are
 * the only ones of this module that import Spark. Its steps have a package each: {@code source}
 * finds out what there is to read, {@code listing} lists it, {@code image} reads single images,
 * {@code shard} writes shards, {@code folder} keeps the state of {@code data.path} meanwhile.
 *
 * <ol>
 *   <li>The driver looks at the top of the source: splits, class folders, archives, heads of files.
 *   <li>Tasks list what is below. The driver gets numbers per split, the set of labels, and a
 *       digest ({@code Listing}); nothing as long as the number of images comes to it.
 *   <li>Each item's place is a hash of (prepare.seed, path). The range of hashes is cut into as
 *       many equal ranges as a split has shards; Spark brings the items of a range to one task,
 *       sorted by hash, then path ({@code ShardAssignment}). The number of shards follows from the
 *       bytes of the split and prepare.shard-mebibytes.
 *   <li>One task writes one shard and leaves a record of it ({@code StagingFolder}).
 *   <li>The driver joins the records into the manifest.
 * </ol>
 *
 * So the written bytes are a function of data and settings, whatever the number of executors; a
 * task that runs twice writes the same bytes; and an interrupted run resumes from the shards whose
 * records match.
 *
 * <pre>
 * data.path/
 *   .prepare-lease/           while a run is at work ({@code org.bellows.data.storage.lease})
 *   .prepare-FINGERPRINT/     shards that are finished; the first 16 digits of the fingerprint
 *   shards/train-00000.parquet   in object stores shards/FINGERPRINT/train-00000.parquet
 *   quarantine.tsv            what was left out: path, kind, cause; also after a failure
 *   passed-over.tsv           what is no image by its name: path, kind; also after a failure
 *   manifest.json             written last: its presence is the commit
 * </pre>
 */
package org.bellows.data.prepare;
