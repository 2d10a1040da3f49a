// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.model.tensor;

import java.util.Map;

/**
 * Named arrays.
 *
 * @param format name of the file's format, for reports
 * @param tensors in the file's order
 * @param metadata the file's own description; not to be trusted
 */
public record TensorFile(
    String format, Map<String, StoredTensor> tensors, Map<String, String> metadata) {}
