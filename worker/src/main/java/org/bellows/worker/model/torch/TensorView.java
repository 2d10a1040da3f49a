// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.model.torch;

/** A pickle's description of a tensor; whether it is inside its storage is not yet checked. */
record TensorView(TorchStorage storage, long offset, long[] shape, long[] strides) {}
