// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/** The aligned Xception, a backbone. */
package org.bellows.models.xception;
