// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Parts of the settings: the small records that modules below {@code driver} take instead of all
 * settings. What only {@code driver} reads has no place here.
 */
package org.bellows.conf.part;
