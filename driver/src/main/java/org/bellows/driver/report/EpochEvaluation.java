package org.bellows.driver.report;

/**
 * One evaluation during training.
 *
 * @param epoch epochs done by then, so 1 after the first
 * @param step updates done by then
 * @param loss mean cross-entropy, in nats
 * @param top1 0 to 1
 * @param top5 0 to 1
 */
public record EpochEvaluation(int epoch, long step, double loss, double top1, double top5) {}
