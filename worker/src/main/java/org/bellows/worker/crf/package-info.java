// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * The fully connected conditional random field that sharpens the answers of networks for pixels at
 * the edges of a picture. No networks, files or metrics: classes of pixels and a picture in, classes
 * of pixels out.
 */
package org.bellows.worker.crf;
