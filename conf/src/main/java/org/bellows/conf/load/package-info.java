// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Reads HOCON ({@code reference.conf}, profiles, {@code --set}) into the records of {@code
 * org.bellows.conf}: keys by the names of components, ranges, earlier names of keys, and what a
 * setting may be, in words. All problems are reported together.
 *
 * <p>What settings mean together is checked in {@code org.bellows.conf.check}.
 */
package org.bellows.conf.load;
