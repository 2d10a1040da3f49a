// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * What of a processor decides the bits of a result: its instruction set, and where oneDNN reads
 * them the sizes of its caches. What ranks on different processors agree on. No network may be
 * computed here.
 */
package org.bellows.worker.processor;
