// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Code that runs on the Spark driver. The only module, beside the conversion job, that knows Spark.
 */
package org.bellows.driver;
