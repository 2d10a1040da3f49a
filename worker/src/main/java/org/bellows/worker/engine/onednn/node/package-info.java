// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * One class for each kind of layer: a {@link org.bellows.worker.engine.onednn.node.Node} adds the
 * calls of its forward and backward pass to a plan. Nothing here may know how a network is
 * described: {@link org.bellows.worker.engine.onednn.translate} makes the nodes.
 */
package org.bellows.worker.engine.onednn.node;
