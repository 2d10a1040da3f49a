// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/** The PSPNet family. */
package org.bellows.models.pspnet;
