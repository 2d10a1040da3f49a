// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/** What must not be seen from outside, and file systems that want to know who one is. */
package org.bellows.driver.security;
