// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Lists a source's parts in tasks ({@link org.bellows.data.prepare.listing.SourceLister}) and sums
 * up what was found ({@link org.bellows.data.prepare.listing.ListingCounts}), in numbers whose size
 * does not depend on the number of images. No image is decoded here.
 */
package org.bellows.data.prepare.listing;
