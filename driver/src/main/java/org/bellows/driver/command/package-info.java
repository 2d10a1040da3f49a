/**
 * The command line: a class for each command. Commands with subcommands have a package each below
 * this one. What a command does once its options are read is a job or a package of its own.
 */
package org.bellows.driver.command;
