/**
 * What commands run: a job with its result file and report ({@link org.bellows.driver.job.Job}), a
 * training run ({@link org.bellows.driver.job.Training}), studies and retraining made of such runs.
 * No command line here, except for the version that both print.
 */
package org.bellows.driver.job;
