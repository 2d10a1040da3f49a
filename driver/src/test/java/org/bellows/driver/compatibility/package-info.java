// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * What an older release left behind, and what this one makes of it: {@code
 * src/test/resources/compatibility} holds a folder of files for each such release, and what that
 * release came to with them. Pins here are never written anew for a release that is out.
 */
package org.bellows.driver.compatibility;
