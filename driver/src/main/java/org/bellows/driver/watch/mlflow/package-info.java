// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * A run in the books of an MLflow tracking server, by its REST API 2.0
 * (https://mlflow.org/docs/latest/rest-api.html): experiment, run, parameters, metrics, status.
 *
 * <p>All calls are made on one thread of their own: training never waits for the server, and
 * continues without it.
 */
package org.bellows.driver.watch.mlflow;
