// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Draws a small dataset of objects as an ImageNet-style tree: something to train on where there is
 * no data, for the quick start and for tests. Uses Java2D without a display.
 */
package org.bellows.data.render;
