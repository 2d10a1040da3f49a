// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/** The barrier job that trains segment by segment, and the loop that recovers from its failures. */
package org.bellows.driver.train;
