/**
 * What tests of several modules need and what knows none of our modules: file systems that fail as
 * real ones do. A double that only one class of tests needs is a class of that test, on top of
 * {@link org.bellows.testing.LocalDisk}.
 */
package org.bellows.testing;
