// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Statistics of a prepared dataset: counts, sizes and odd samples, gathered block by block and
 * merged in any order with the same result. Spark may not be imported here; nothing is written.
 */
package org.bellows.data.statistics;
