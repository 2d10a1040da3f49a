// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Encoding of pixels, where {@code prepare} is asked to store smaller images. Nothing is read here.
 */
package org.bellows.data.encode;
