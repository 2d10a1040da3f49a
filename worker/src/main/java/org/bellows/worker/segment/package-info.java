// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Class scores of pictures at their own size, by networks that say a class of each pixel: {@link
 * org.bellows.worker.segment.Segmenter}, whatever the network's input is. Neither label maps nor
 * metrics; those are {@code worker.evaluate}'s.
 */
package org.bellows.worker.segment;
