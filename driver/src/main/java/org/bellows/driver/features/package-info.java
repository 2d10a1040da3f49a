// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Features of images on Spark: the transformers {@link org.bellows.driver.features.ImageFeatures}
 * and {@link org.bellows.driver.features.ImageLabelMaps} for any DataFrame, and the job of {@code extract-features}, which reads what {@code prepare}
 * reads. Both compute through {@link org.bellows.worker.features}; how pictures are decoded and
 * what a layer computes is not decided here.
 */
package org.bellows.driver.features;
