// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Training from a DataFrame, in the Spark session of another program: Spark ML's estimators {@link
 * org.bellows.driver.estimator.ImageClassifier} and {@link
 * org.bellows.driver.estimator.ImageSegmenter} and their models. They prepare, train and predict
 * through the jobs of the commands; nothing about a run is decided here but where its folders are.
 */
package org.bellows.driver.estimator;
