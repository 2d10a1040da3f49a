// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * The work of commands: a job with its result file and report ({@link
 * org.bellows.driver.job.CommandRun}), a training run ({@link org.bellows.driver.job.TrainJob}),
 * studies and retraining made of such runs. No command line here, except for the version that both
 * print.
 */
package org.bellows.driver.job;
