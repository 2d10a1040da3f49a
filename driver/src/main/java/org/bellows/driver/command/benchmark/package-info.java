/**
 * {@code benchmark} and its subcommands, a class each. The measurements themselves are in
 * driver.benchmark.
 */
package org.bellows.driver.command.benchmark;
