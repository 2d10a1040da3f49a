// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * What differs between Spark 3 and Spark 4 and cannot be written so that it compiles on both:
 * nothing else belongs here. {@code Spark3Line} is compiled by default; the profile {@code spark-4}
 * compiles {@code Spark4Line}, in {@code src/spark-4/java}, in its place.
 */
package org.bellows.driver.line;
