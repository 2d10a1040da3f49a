// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/** Spark contexts sized for a run, and the plugin through which executors report to the driver. */
package org.bellows.driver.spark;
