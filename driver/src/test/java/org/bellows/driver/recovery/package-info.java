// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/** Whole runs on real executors that fail as a schedule says: {@link org.bellows.driver.fault}. */
package org.bellows.driver.recovery;
