// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/** The Inception family: GoogLeNet and Inception-v3. */
package org.bellows.models.inception;
