// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Failures on purpose. A schedule is a text file, a line a fault: who, when, what.
 *
 * <pre>
 * rank-1   after-step-7              kill           SIGKILL; likewise term (SIGTERM), freeze (SIGSTOP)
 * rank-1   after-step-9              decommission   SIGPWR, upon which Spark decommissions it
 * rank-0   after-step-9              exit           System.exit(1)
 * rank-1   after-step-9              oom            a real OutOfMemoryError of the heap
 * rank-1   after-step-9              exception
 * rank-1   after-step-9              hang           sleeps until it is interrupted
 * rank-1   after-step-9              stuck          sleeps, and interrupting does not help
 * rank-0   after-step-9              cut 1          the connection to rank 1 is closed
 * rank-0   after-step-9              blackhole 1    what is sent to rank 1 never arrives
 * rank-0   after-step-9              takeover       another start of the job begins with the folder
 * rank-0   after-step-9              probe          writes down threads, sockets and files
 * driver   after-step-9              term           the driver instead of the rank's own process
 * rank-1   from-step-6               slow 300       milliseconds more for each block of data
 * rank-0   writing-checkpoint-8      full           the disk, in the middle of the file
 * rank-0   writing-checkpoint-8      kill
 * driver   committing-checkpoint-8   kill           before the rename
 * driver   committed-checkpoint-8    kill           after it
 * rank-0   committed-checkpoint-8    damage         one bit of it; then the process is killed
 * </pre>
 *
 * <p>Each fires once (but slow), so that what is recovered goes on. It reaches executors through
 * what users have, too: a {@link org.bellows.worker.train.RankListener} and a Hadoop file system.
 */
package org.bellows.driver.fault;
