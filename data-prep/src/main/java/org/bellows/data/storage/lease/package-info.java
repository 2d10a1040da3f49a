// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * One process at a time works on a folder: {@code prepare} on a dataset, {@code retrain} on a model
 * of a registry. The folder of a lease:
 *
 * <pre>
 * TOKEN.json          who holds it ({@link org.bellows.data.storage.lease.Holder}); created once, by
 *                     one process; the highest token counts
 * TOKEN.beat          the heartbeat: a count, written again and again by the holder
 * TOKEN.released      given back
 * pending-TOKEN-RUN/  exists while the holder holds the lease; its files come into place from here
 * </pre>
 *
 * <p>Tokens rise. The time since the last heartbeat is computed from times that the file system
 * itself put on files: on the heartbeat and on a file that is written to compare. Clocks of
 * machines take no part, except that a holder counts its own time to know when it may have been
 * given up.
 *
 * <p><b>Fencing.</b> A holder that was paused cannot know that another process has taken the lease.
 * So a file that is to last is written elsewhere first, then moved into the holder's pending
 * folder, and from there into its place ({@link org.bellows.data.storage.lease.Fence}). The next
 * holder moves that folder away in one step, before {@link
 * org.bellows.data.storage.lease.Lease#take} returns. From then on both moves of the old holder
 * fail, whenever it continues: the source is missing, or the target's folder is. The next holder
 * sees everything that came into place before.
 *
 * <p><b>Requirements on the file system:</b> a rename is one step and fails without its source or
 * its target's folder; a file can be created only if it does not exist. HDFS and local disks do
 * that. On object stores a rename is a copy. Files are created once on {@code s3a} of Hadoop 3.4.2
 * and newer where the store honours the condition: a holder asks for its own file a second time, and
 * a refusal shows that the store does. Elsewhere two processes that take a lease in the same moment may
 * both succeed; each reads the lease back, and the one that is not named ends. A holder that is
 * replaced later notices it at its next heartbeat or before its next step, because the identifier of
 * the run is compared there. A process that compares, is paused, and writes long after is not
 * stopped on an object store: its writes must be harmless by themselves.
 *
 * <p>Files that do not go through the fence (shards, checkpoints, lists) are written by a replaced
 * holder until it notices.
 */
package org.bellows.data.storage.lease;
