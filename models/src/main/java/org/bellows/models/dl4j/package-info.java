// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Our networks as DL4J's: {@link org.bellows.models.dl4j.Dl4jGraph} translates them, and beside it
 * stand the vertices and the loss that DL4J does not have. DL4J's graph gives a network's initial
 * parameters and is the slow reference of what it computes. No class outside this package, the
 * engine that runs DL4J's graph and the benchmarks beside DL4J uses DL4J's layers.
 */
package org.bellows.models.dl4j;
