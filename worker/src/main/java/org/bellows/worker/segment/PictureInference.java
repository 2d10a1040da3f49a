// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.segment;

/** How a network is shown a picture of any size. */
interface PictureInference {
  ScoreMap scores(PixelNetwork network, Planes picture);
}
