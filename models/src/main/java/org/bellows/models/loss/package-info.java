// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * The loss of a head: cross-entropy of weighted targets and of a teacher's answers, binary
 * cross-entropy, and losses of pixels.
 */
package org.bellows.models.loss;
