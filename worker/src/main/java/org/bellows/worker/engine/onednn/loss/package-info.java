// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0

/** The errors of maps of probabilities, in oneDNN's memory as it is. No plans, no primitives. */
package org.bellows.worker.engine.onednn.loss;
