// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Work that is done ahead of its caller, in order and within a bound: batches of a dataset and
 * images of a source go through the same {@link org.bellows.data.ahead.OrderedPrefetcher}.
 * Independent of the kind of work.
 */
package org.bellows.data.ahead;
