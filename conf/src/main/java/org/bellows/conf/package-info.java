// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Every setting once: typed records read from HOCON ({@code reference.conf}, profiles, {@code
 * --set}), their units and ranges, all problems reported together; error categories; provenance.
 *
 * <p>Nothing here knows of Spark, ND4J or Hadoop.
 */
package org.bellows.conf;
