// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.features;

import org.bellows.driver.picture.Picture;
import org.bellows.worker.features.ImageFeature;

/**
 * One row of what {@code extract-features} writes.
 *
 * @param id place in the split of a prepared dataset, or in the source
 * @param split null where it is not known
 * @param source where the image came from
 * @param label index into the classes, or null
 * @param className of the label, or null
 */
record FeatureRow(
    long id, String split, String source, Integer label, String className, ImageFeature feature) {
  static FeatureRow of(Picture image, ImageFeature feature) {
    return new FeatureRow(
        image.id(), image.split(), image.source(), image.label(), image.className(), feature);
  }
}
