// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/** The U-Net family. */
package org.bellows.models.unet;
