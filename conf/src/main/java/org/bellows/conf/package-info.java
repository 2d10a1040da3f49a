// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * The settings as typed records, a component each, whose {@link org.bellows.conf.Key} gives range
 * and identity; errors by category, with problems that are reported together.
 *
 * <p>How settings are read, checked and compared stands in the packages below. Nothing here knows
 * of Spark, ND4J or Hadoop.
 */
package org.bellows.conf;
