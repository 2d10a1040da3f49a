// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * A class for each kind of layer: its forward and backward operations. Every tensor that an
 * operation gives is released when the scope of its node ends, unless the node holds it.
 */
package org.bellows.worker.engine.torch.node;
