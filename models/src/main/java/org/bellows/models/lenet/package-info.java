// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/** The LeNet family. */
package org.bellows.models.lenet;
