// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.evaluate.label;

import java.io.Serializable;
import org.bellows.worker.files.MayBeNotFinite;

/**
 * How well the samples of one class are told from the others.
 *
 * @param label of the class
 * @param positives samples of the class
 * @param averagePrecision 0 to 1; NaN where there are none
 * @param threshold from which on a probability is an answer
 * @param precision right ones among the samples that were taken for the class; NaN where none was
 * @param recall right ones among the samples of the class; NaN where there are none
 * @param f1 harmonic mean of both; NaN where no sample is of the class or was taken for it
 * @param bestThreshold of the largest F1 on these samples
 * @param bestF1 the F1 there
 */
public record LabelScore(
    int label,
    long positives,
    @MayBeNotFinite double averagePrecision,
    double threshold,
    @MayBeNotFinite double precision,
    @MayBeNotFinite double recall,
    @MayBeNotFinite double f1,
    double bestThreshold,
    double bestF1)
    implements Serializable {}
