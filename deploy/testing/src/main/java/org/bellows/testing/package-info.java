// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Fixtures for the tests of several modules, independent of all our modules: file systems that fail
 * as real ones do, and object stores. A double that only one class of tests needs is a class of that test, on top of
 * {@link org.bellows.testing.LocalDisk}.
 */
package org.bellows.testing;
