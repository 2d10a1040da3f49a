// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/** Network in Network. */
package org.bellows.models.nin;
