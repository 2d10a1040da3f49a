// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/** Tar archives, and ILSVRC2012, which is handed out as such. Nothing in an archive is trusted. */
package org.bellows.data.prepare.source.archive;
