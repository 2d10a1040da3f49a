// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/** Convolutions: their shapes, weights and primitives, and the ways of few channels. */
package org.bellows.worker.engine.onednn.node.convolution;
