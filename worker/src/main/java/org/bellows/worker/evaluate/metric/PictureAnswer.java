// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.evaluate.metric;

/**
 * What is counted of the answer to one picture whose pixels have classes.
 *
 * @param confusion of its pixels that have a class in truth
 * @param loss mean of -log p over them; 0 where there is none
 * @param voidPixels that have no class in truth
 * @param boundaryF1 as {@link BoundaryF1} has it
 */
public record PictureAnswer(
    ConfusionCounts confusion, double loss, long voidPixels, double[] boundaryF1) {}
