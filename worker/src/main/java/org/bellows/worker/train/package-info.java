// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/** The training loop of one rank and what it is made of. */
package org.bellows.worker.train;
