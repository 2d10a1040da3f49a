// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/** The DeepLab family, versions 1 to 3+. */
package org.bellows.models.deeplab;
