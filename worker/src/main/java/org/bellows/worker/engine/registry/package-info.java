// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Which engines there are, and which of them computes a network and why. The only package that
 * imports engines; nothing is computed here.
 */
package org.bellows.worker.engine.registry;
