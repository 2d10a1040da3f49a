// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/** Trees of image files: split/class/*.jpg or class/*.jpg. */
package org.bellows.data.prepare.source.tree;
