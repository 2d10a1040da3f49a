// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Answers to pictures: of files that are named, and as a Spark job of anything that {@code prepare}
 * reads or made. Below {@code output.path}, by models that say a class of each picture:
 *
 * <pre>
 * predictions/part-NNNNN.parquet  or .csv, .jsonl; a row a picture: {@link
 *                                 org.bellows.driver.predict.PredictionRow}
 * </pre>
 *
 * <p>By models that say a class of each pixel:
 *
 * <pre>
 * labels/NAME.png               the label of each pixel, with a palette
 * overlays/NAME.png             the picture, the colours of the classes over it
 * probabilities/NAME.npy        float32, classes x height x width
 * predictions/part-NNNNN.jsonl  a line a picture: {@link org.bellows.driver.predict.PictureLine}
 * </pre>
 *
 * <p>NAME is the picture's path without its ending. What a network computes is not decided here.
 */
package org.bellows.driver.predict;
