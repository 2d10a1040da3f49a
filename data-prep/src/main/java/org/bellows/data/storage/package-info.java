// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Paths and file systems: a bare path is local, everything else is Hadoop's. Turns input/output
 * exceptions into sentences with a category.
 */
package org.bellows.data.storage;
