// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * The fast step: a network's forward and backward pass as a list of oneDNN primitives that is
 * compiled once for each batch size. Arrays keep the layouts that oneDNN prefers from the first
 * layer to the last; parameters and gradients are the flat vectors of {@link
 * org.bellows.models.network.FlatLayout} outside. Nothing here may know lanes, Spark or files.
 *
 * <ul>
 *   <li>{@link org.bellows.worker.engine.onednn.plan}: memory, primitives and the list of calls
 *   <li>{@link org.bellows.worker.engine.moments}: BatchNorm's moments over all lanes
 *   <li>{@link org.bellows.worker.engine.onednn.node}: the calls of each kind of layer
 *   <li>{@link org.bellows.worker.engine.onednn.translate}: from a network's description to nodes
 * </ul>
 *
 * <p>The packages import one another in this order only: a later one those before it.
 */
package org.bellows.worker.engine.onednn;
