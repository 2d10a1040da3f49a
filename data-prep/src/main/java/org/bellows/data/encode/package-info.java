// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Encoding of pixels: smaller images where {@code prepare} is asked to store them, label maps with
 * colours, arrays for NumPy. Nothing is read here.
 */
package org.bellows.data.encode;
