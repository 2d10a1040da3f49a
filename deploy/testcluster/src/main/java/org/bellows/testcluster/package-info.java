// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Clusters of real servers on one machine, which the bundle is tried on, and pictures for them. No
 * part of the bundle; nothing imports it.
 */
package org.bellows.testcluster;
