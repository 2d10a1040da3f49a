// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/** Fully convolutional networks: classifiers that answer for each pixel. */
package org.bellows.models.fcn;
