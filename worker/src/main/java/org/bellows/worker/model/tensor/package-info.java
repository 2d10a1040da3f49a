// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Files of named arrays, whatever their format: {@link org.bellows.worker.model.tensor.TensorFile}
 * and the arrays in it, which are decoded when asked for. The formats have a package each beside
 * this; none of them runs anything that a file says.
 */
package org.bellows.worker.model.tensor;
