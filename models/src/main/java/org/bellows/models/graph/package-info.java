// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * A network as named layers and what each reads: {@link org.bellows.models.graph.NetworkGraph}. The
 * families write theirs with {@link org.bellows.models.graph.NetworkBuilder}, in the words of the
 * papers. No network and no library's class may be here.
 */
package org.bellows.models.graph;
