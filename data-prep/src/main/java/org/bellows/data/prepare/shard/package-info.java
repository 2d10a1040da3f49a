// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Which shard an item belongs to, and the Spark jobs that write the shards ({@link
 * org.bellows.data.prepare.shard.ShardJob}). Listing of items, reading of images and keeping of
 * finished shards have packages of their own beside this one.
 */
package org.bellows.data.prepare.shard;
