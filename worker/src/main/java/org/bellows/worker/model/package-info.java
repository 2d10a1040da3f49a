// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Trained models as folders: {@code parameters.bin} (one float array, the flat vector), {@code
 * model.json} ({@link org.bellows.worker.model.ModelCard}), {@code MANIFEST.json} (lengths and
 * SHA-256). Data only: reading one runs no code from it.
 */
package org.bellows.worker.model;
