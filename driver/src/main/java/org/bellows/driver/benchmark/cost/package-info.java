// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * A prediction of the time of an exchange on larger clusters: a model with few constants, fitted to
 * measurements of {@code benchmark collective}. Arithmetic alone; measures nothing.
 */
package org.bellows.driver.benchmark.cost;
