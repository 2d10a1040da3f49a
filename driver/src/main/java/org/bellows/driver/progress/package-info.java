// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/** Progress of long work on the terminal. */
package org.bellows.driver.progress;
