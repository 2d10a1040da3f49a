// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/** How values, lists and names read in messages. Nothing here knows of settings. */
package org.bellows.conf.text;
