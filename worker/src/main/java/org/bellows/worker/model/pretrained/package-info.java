// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Weights from elsewhere into our networks, and ours out again: {@link
 * org.bellows.worker.model.pretrained.WeightFiles} recognises a file by its content, {@link
 * org.bellows.worker.model.pretrained.WeightImport} puts its arrays where {@link
 * org.bellows.models.zoo.PretrainedForms} says and reports on each. The formats live in packages of
 * their own.
 */
package org.bellows.worker.model.pretrained;
