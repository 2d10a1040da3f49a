/**
 * The GPU that a task computes on ({@code train.device = gpu}): which it is, whether this build
 * runs on it, and that nobody else of the host has it. Knows nothing of Spark, which gives the
 * addresses, and nothing of networks.
 */
package org.bellows.worker.device;
