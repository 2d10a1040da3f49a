// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * {@code benchmark} and its subcommands, a class each. The measurements themselves are in
 * driver.benchmark.
 */
package org.bellows.driver.command.benchmark;
