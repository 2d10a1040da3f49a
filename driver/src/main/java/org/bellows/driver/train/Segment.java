package org.bellows.driver.train;

import java.io.Serializable;

/**
 * What one barrier stage does: steps of one epoch, then a checkpoint, then perhaps an evaluation.
 *
 * @param attempt counts restarts of the run; ranks of different attempts never talk
 * @param session secret of the attempt, which ranks show each other
 * @param from first step
 * @param to one past the last step, in the same epoch; equal to from where only the evaluation is
 *     missing
 * @param evaluate whether the validation split is evaluated afterwards
 */
record Segment(int attempt, String session, long from, long to, boolean evaluate)
    implements Serializable {}
