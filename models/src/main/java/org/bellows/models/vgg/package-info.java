// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/** The VGG family. */
package org.bellows.models.vgg;
