/**
 * Which shard an item belongs to, and the Spark jobs that write the shards ({@link
 * org.bellows.data.prepare.shard.ShardJob}). What lists items, reads images and keeps finished
 * shards has a package of its own beside this one.
 */
package org.bellows.data.prepare.shard;
