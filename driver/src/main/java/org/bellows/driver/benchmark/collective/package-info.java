// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * The exchange of a network's parameters between processes of one machine, beside a plain copy of
 * the same bytes through sockets and beside what Spark offers for it.
 */
package org.bellows.driver.benchmark.collective;
