// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * What settings mean together: each validator notes what contradicts, and none stops at the first
 * problem. What a synchronisation mode forbids is a class for each mode.
 *
 * <p>Nothing here reads a configuration: values come as records, problems go to {@link
 * org.bellows.conf.check.Problems}.
 */
package org.bellows.conf.check;
