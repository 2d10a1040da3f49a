// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * The threads of an executor that work side by side: a lane each, or a part of a vector each.
 * Nothing here may know networks or data.
 */
package org.bellows.worker.parallel;
