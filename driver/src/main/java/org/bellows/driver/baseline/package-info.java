// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * {@code sync.mode = dl4j-spark}: the training that users come from, on the same data and network,
 * with the same evaluation, model and report. Upstream's jars are never shipped.
 */
package org.bellows.driver.baseline;
