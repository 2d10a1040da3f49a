// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Pictures and masks that belong together by their names: in folders beside each other ({@link
 * org.bellows.data.prepare.source.pairs.PairsSource}), or in a folder a picture ({@link
 * org.bellows.data.prepare.source.pairs.PictureFoldersSource}). Independent of the meaning of a
 * mask.
 */
package org.bellows.data.prepare.source.pairs;
