// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Inference on one machine: Bellows beside ONNX Runtime, which reads the network from the file that
 * Bellows exports. That both answer the same is checked at each measurement.
 */
package org.bellows.benchmark.inference;
