// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/** Layers without weights that change the height and width of maps. */
package org.bellows.worker.engine.onednn.node.size;
