// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Which algorithm a primitive computes by: rules that look at shapes and the lane batch alone, so
 * that a run's result does not depend on a host's cores, and what a processor must have for them.
 * No primitive may be made here.
 */
package org.bellows.worker.engine.onednn.arithmetic;
