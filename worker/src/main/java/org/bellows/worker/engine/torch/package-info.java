// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * The step on PyTorch's operations (ATen): a network's forward and backward pass, one operation
 * after the other, on a device. Each layer calls its backward operations itself; autograd records
 * nothing. Parameters and gradients are views of two tensors in the order of {@link
 * org.bellows.models.network.FlatLayout}. Nothing here may know lanes, Spark or files.
 *
 * <ul>
 *   <li>{@link org.bellows.worker.engine.torch.pass}: the device, the flat vectors, one pass
 *   <li>{@link org.bellows.worker.engine.torch.node}: the operations of each kind of layer
 *   <li>{@link org.bellows.worker.engine.torch.translate}: from a network's description to nodes
 * </ul>
 *
 * <p>The packages import one another in this order only: a later one those before it.
 */
package org.bellows.worker.engine.torch;
