// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * The safetensors format: 8 bytes with the header's length, little-endian; a JSON object of that
 * length, {@code name -> {dtype, shape, data_offsets}}, perhaps {@code __metadata__} (texts); then
 * the arrays, without gaps, last axis fastest, little-endian. See
 * https://github.com/huggingface/safetensors, section "Format".
 */
package org.bellows.worker.model.safetensors;
