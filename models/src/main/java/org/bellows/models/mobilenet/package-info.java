// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/** The MobileNet families. */
package org.bellows.models.mobilenet;
