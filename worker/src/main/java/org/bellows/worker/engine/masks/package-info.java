// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Masks of layers that drop values, from the pass's seed and the name of the vertex: the same for
 * every engine that draws them here. No engine's classes are used here.
 */
package org.bellows.worker.engine.masks;
