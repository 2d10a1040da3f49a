// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * A {@link org.bellows.models.network.NetworkDefinition} in PyTorch as one of its users would write
 * it: tensors, autograd, operations that work in place where torchvision's networks do. Nothing of
 * Bellows's own engines may be used here: that would be measured against itself.
 */
package org.bellows.benchmark.torch;
