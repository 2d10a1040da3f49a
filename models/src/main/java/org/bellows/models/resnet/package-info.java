// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/** The residual networks. */
package org.bellows.models.resnet;
