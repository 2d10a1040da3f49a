// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * What {@code device-check} does: one step engine beside another, on this machine's device. Whether
 * they agree, layer by layer and network by network; whether losses of some steps do; whether the
 * same pass gives the same bits again; how fast it is. It knows engines by their names alone, and
 * needs no Spark.
 */
package org.bellows.driver.check;
