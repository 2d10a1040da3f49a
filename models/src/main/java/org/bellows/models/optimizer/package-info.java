// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Optimizers over an owned slice of the flat parameter vector, in plain float arithmetic, and what
 * is done to a gradient before: clipping, layer-wise rates, weight decay. Nothing here talks to
 * other ranks; norms of whole arrays are handed in.
 */
package org.bellows.models.optimizer;
