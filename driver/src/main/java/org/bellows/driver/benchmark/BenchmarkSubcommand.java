// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.benchmark;

import java.util.concurrent.Callable;

/**
 * A subcommand of {@code benchmark} that another jar brings: annotated as a picocli command, named
 * in {@code META-INF/services}. Gives the exit code.
 */
public interface BenchmarkSubcommand extends Callable<Integer> {}
