// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.checkpoint;

import java.util.List;

/**
 * A run at one step.
 *
 * @param parameters flat vector
 * @param optimizer state arrays, each as long as parameters
 */
public record Checkpoint(TrainingState state, float[] parameters, List<float[]> optimizer) {}
