// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * The dataset, from raw files to float batches. Each sub-package is one capability; Spark is
 * imported in {@code org.bellows.data.prepare} only.
 */
package org.bellows.data;
