// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * One lane's network with flat float vectors, independent of the engine: no code here or above may
 * depend on which one it is.
 */
package org.bellows.worker.network;
