package org.bellows.worker.model.tensor;

import java.util.Map;

/**
 * Named arrays.
 *
 * @param format what the file is, for reports
 * @param tensors in the file's order
 * @param metadata what the file says of itself; not to be trusted
 */
public record TensorFile(
    String format, Map<String, StoredTensor> tensors, Map<String, String> metadata) {}
