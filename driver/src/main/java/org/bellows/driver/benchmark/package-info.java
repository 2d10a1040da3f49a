// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Measurements of Bellows against something plain, side by side in one run: alternating rounds,
 * medians. Nothing here is used by a job that does work.
 */
package org.bellows.driver.benchmark;
