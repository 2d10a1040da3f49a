/**
 * The Spark job that turns raw images into a prepared dataset. The only package of this module that
 * imports Spark.
 *
 * <p>The driver lists the source, sorts each split by a hash of (prepare.seed, relative path) and
 * cuts the sorted list into shards; one task writes one shard. So what is written is a function of
 * data and settings, whatever the number of executors, and a task that runs twice writes the same
 * bytes.
 *
 * <pre>
 * data.path/
 *   .tmp-UUID/shards/       while the job runs
 *   shards/train-00000.parquet
 *   refused.tsv             files that were left out: path, kind, reason
 *   manifest.json           written last: its presence is the commit
 * </pre>
 *
 * A new kind of source is one class that lists it (see {@code TreeSource}), with its {@code
 * SourceLayout}, and one line in {@code Sources}.
 */
package org.bellows.data.prepare;
