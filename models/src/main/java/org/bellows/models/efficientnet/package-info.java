// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/** The EfficientNet family. */
package org.bellows.models.efficientnet;
