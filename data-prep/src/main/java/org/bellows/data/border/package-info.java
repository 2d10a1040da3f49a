// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * The weights of pixels between objects that touch ({@link org.bellows.data.border.BorderWeights}),
 * and the distances that they are computed from. Objects are numbered by {@code prepare}; nothing
 * is read here.
 */
package org.bellows.data.border;
