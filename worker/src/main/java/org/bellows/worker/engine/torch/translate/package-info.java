// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/** From a network's description to nodes. */
package org.bellows.worker.engine.torch.translate;
