// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/** File formats of a run: float arrays, JSON, folders whose manifest vouches for them. */
package org.bellows.worker.files;
