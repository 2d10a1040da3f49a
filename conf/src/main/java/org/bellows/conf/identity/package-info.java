// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * The settings that the result of a run depends on, and whether a run or configuration of an older
 * build is the same in terms of today.
 */
package org.bellows.conf.identity;
