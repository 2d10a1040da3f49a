// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.registry;

/**
 * An entry of the current pointer.
 *
 * @param number of the entry, from 1
 * @param version that is current from then on
 * @param previous entry that a rollback goes back to, 0: none
 * @param decision of retrain that asked for it, or null: a person did
 * @param why in words
 * @param at ISO-8601, UTC
 */
public record Promotion(
    int number, int version, int previous, Integer decision, String why, String at) {}
