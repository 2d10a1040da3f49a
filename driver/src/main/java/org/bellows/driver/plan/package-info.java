// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * The output of {@code train --dry-run} before a run: numbers and the learning rate's curve. A
 * function of configuration and manifest; nothing here reads samples, starts Spark or writes.
 */
package org.bellows.driver.plan;
