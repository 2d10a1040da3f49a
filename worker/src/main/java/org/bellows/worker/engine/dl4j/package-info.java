// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * DL4J's graph as an engine: the slow reference. Outside this package and {@code models} nothing
 * may compute with DL4J.
 */
package org.bellows.worker.engine.dl4j;
