/**
 * {@code benchmark} and its subcommands, a class each. What they measure is in driver.benchmark.
 */
package org.bellows.driver.command.benchmark;
