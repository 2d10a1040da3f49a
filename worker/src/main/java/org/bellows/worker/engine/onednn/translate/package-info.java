// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * From a network's description to nodes, and the fusion of nodes: a forward pass alone needs fewer
 * primitives, since {@link org.bellows.worker.engine.onednn.translate.InferenceFusion} fuses the
 * layers after convolutions and dense layers into them. No primitive may be made here.
 */
package org.bellows.worker.engine.onednn.translate;
