// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * The exchange between ranks over links with a rate, a delay and losses: network namespaces of this
 * machine are the hosts, and a bridge is their switch. {@link
 * org.bellows.benchmark.links.LinksCommand} starts a process in namespaces of its own for each row
 * of its table ({@link org.bellows.benchmark.links.LinkProcess}), and that process one for each host
 * ({@link org.bellows.benchmark.links.HostProcess}), whose ranks are threads. When the process of
 * the row ends, however it ends, its namespaces and all that is in them end with it: nothing has to
 * be cleaned up. It needs root and the commands unshare, nsenter, mount, ip and tc.
 */
package org.bellows.benchmark.links;
