// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Feature extraction in one process: images in, the output of one layer out. A {@link
 * org.bellows.worker.features.FeatureNetwork} is a network and the one thread that computes with
 * it; any number of {@link org.bellows.worker.predict.PictureStream streams} decode for it. No
 * Spark, and nothing that reads or writes tables.
 */
package org.bellows.worker.features;
