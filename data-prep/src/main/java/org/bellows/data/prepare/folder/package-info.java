// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * {@code data.path} while it becomes a dataset: who may write ({@link
 * org.bellows.data.prepare.folder.OutputFolder#take}), which shards are finished ({@link
 * org.bellows.data.prepare.folder.StagingFolder}), and what is known of each ({@link
 * org.bellows.data.prepare.folder.ShardRecord}). No Spark here.
 */
package org.bellows.data.prepare.folder;
