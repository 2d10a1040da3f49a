// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Networks in the ONNX format (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto, operators of
 * version 13), for inference. {@link org.bellows.worker.model.onnx.OnnxExport} goes through a
 * graph, {@link org.bellows.worker.model.onnx.OnnxLayers} says what each layer is there, {@link
 * org.bellows.worker.model.onnx.OnnxGraph} collects it, {@link
 * org.bellows.worker.files.ProtobufMessage} writes Protocol Buffers.
 */
package org.bellows.worker.model.onnx;
