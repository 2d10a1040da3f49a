// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/** The AlexNet family. */
package org.bellows.models.alexnet;
