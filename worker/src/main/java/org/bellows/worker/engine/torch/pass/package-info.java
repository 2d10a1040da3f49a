// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/** Tensors of a pass, on one device: what comes from Java and goes back. No layers. */
package org.bellows.worker.engine.torch.pass;
