// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/** The SegNet family. */
package org.bellows.models.segnet;
