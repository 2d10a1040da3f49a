// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * The command line: a class for each command. Commands with subcommands have a package each below
 * this one. The work of a command after its options are read is a job or a package of its own.
 */
package org.bellows.driver.command;
