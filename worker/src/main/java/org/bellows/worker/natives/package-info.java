// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/** Native libraries: where they are unpacked, and what they turned out to be. */
package org.bellows.worker.natives;
