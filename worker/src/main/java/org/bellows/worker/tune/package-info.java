// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Fine-tuning: which arrays of a trained model a run starts from, which layers learn when and how
 * fast, and the step that computes only the layers that do. Knows of no other ranks, and nothing of
 * the training loop.
 */
package org.bellows.worker.tune;
