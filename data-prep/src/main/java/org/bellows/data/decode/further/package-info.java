// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Pictures in formats that a dataset does not store: WebP, GIF, BMP and TIFF. Readers are the JDK's
 * and TwelveMonkeys'; what they give becomes a PNG before anything else sees it.
 */
package org.bellows.data.decode.further;
