// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * A training run seen from outside while it runs, on the driver: its listeners ({@link
 * org.bellows.driver.watch.RunListener}), its state, the gauges of driver and executors, and the
 * live page among Spark's own.
 *
 * <p>No code here may decide anything: a run that is not watched ends with the same bits. Writers
 * to files or servers have packages of their own below this one. ND4J may not be imported; JavaCPP
 * only to ask it how much memory it holds.
 */
package org.bellows.driver.watch;
