// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Classifiers of Spark MLlib on features that {@code extract-features} wrote: how the samples are
 * shared out, which strength of regularisation is taken, what is saved. The classifiers themselves
 * are MLlib's.
 */
package org.bellows.driver.head;
