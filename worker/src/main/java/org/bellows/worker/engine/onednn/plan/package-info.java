// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * The parts of a compiled pass: native memory, oneDNN's primitives, the list of calls. It knows no
 * layer and no network: only tensors, functions and the names that messages need.
 */
package org.bellows.worker.engine.onednn.plan;
