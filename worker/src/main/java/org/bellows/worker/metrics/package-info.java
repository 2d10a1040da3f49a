// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Where the time of a step and of a rank went, as records that travel to the driver. Nothing is
 * measured here.
 */
package org.bellows.worker.metrics;
