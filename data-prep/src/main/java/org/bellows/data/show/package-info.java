// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Pictures for people: samples as thumbnails, and many of them on one sheet. Independent of
 * datasets and augmentations; the caller passes the pictures.
 */
package org.bellows.data.show;
