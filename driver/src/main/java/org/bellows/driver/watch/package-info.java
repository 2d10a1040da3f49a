/**
 * A training run seen from outside while it goes on, on the driver: who hears of it ({@link
 * org.bellows.driver.watch.RunListener}), its state, the gauges of driver and executors, and the
 * live page among Spark's own.
 *
 * <p>Nothing here may decide anything: a run that nobody watches ends with the same bits. What
 * writes to files or servers has a package of its own below this one. ND4J may not be imported;
 * JavaCPP only to ask it how much memory it holds.
 */
package org.bellows.driver.watch;
