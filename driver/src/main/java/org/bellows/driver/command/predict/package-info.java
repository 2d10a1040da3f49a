// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * The command {@code predict}: of named pictures without Spark, of a dataset or a source as a Spark
 * job. How pictures are predicted is {@code driver.predict}'s, or for classes of images {@code
 * worker}'s.
 */
package org.bellows.driver.command.predict;
