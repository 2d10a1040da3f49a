// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * How much memory an executor will need, counted from settings, network and dataset before anything
 * large is allocated. Nothing here may train or evaluate.
 */
package org.bellows.worker.forecast;
